module guichet.example/bench

go 1.26.0

require (
	github.com/go-json-experiment/json v1.27.2
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	guichet.example v0.0.0
)

require golang.org/x/text v0.44.0 // indirect

replace guichet.example => ../
