// Command nothing is an empty program: what starting and ending a Go process
// costs, and so the floor of every Go command.
package main

func main() {}
