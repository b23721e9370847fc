package blob

import (
	"os"
	"syscall"
)

// entamer lets the disk begin to write a file that will be synced soon.
func entamer(f *os.File) error {
	// What begins later is no harm: the sync that follows tells of failures.
	_ = syscall.SyncFileRange(int(f.Fd()), 0, 0, syncFileRangeWrite)
	return nil
}

const syncFileRangeWrite = 2 // SYNC_FILE_RANGE_WRITE, sync_file_range(2)
