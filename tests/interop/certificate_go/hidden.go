// What was hidden before an overwrite: section 4.7.
package main

const liftStep = "lift-hidden-areas"

// reachedBlocks is all that the drive has, when nothing of it was out of reach; 0: something was.
func reachedBlocks(hidden interface{}) int64 {
	areas := get(hidden, "before")
	switch textAt(hidden, "state") {
	case "none":
	case "lifted":
		areas = get(hidden, "lifted")
	default:
		return 0
	}
	native, known := nativeSectors(areas)
	if areas == nil || !known || native != numberAt(areas, "accessible") {
		return 0
	}
	return native
}

// erasedBytes is what an overwrite was to erase.
func erasedBytes(d *document) int64 {
	blocks, block := reachedBlocks(get(d.root, "method.hidden")), d.number("drive.logical_block_bytes")
	if blocks == 0 || block == 0 || blocks > maxInteger/block {
		return d.number("drive.capacity_bytes")
	}
	return blocks * block
}

func (v *derivation) lifts() bool {
	return len(v.steps) != 0 && textAt(v.steps[0], "kind") == liftStep
}

func isLiftStep(step interface{}) bool {
	return textAt(step, "data") == "none" && textAt(step, "bytes") == "" && numberAt(step, "of") == 0 &&
		textAt(step, "verification.mode") == "none" && numberAt(step, "verification.percent") == 0
}

// examineHidden returns the verdict when nothing was within reach, and whether it is known that
// all has stayed so.
func (v *derivation) examineHidden() (obstacle string, known bool) {
	hidden := get(v.d.root, "method.hidden")
	switch {
	case !v.lifts():
		if hidden != nil {
			v.add("unexpected-record")
		}
		return "", true
	case hidden == nil:
		if !v.stopped {
			v.add("missing-record")
		}
		return "", true
	}
	blocks := reachedBlocks(hidden)
	if blocks == 0 {
		return v.examineObstacle(textAt(hidden, "state")), true
	}
	found, block := int64(0), v.d.number("drive.logical_block_bytes")
	if block != 0 {
		found = v.d.number("drive.capacity_bytes") / block
	}
	if found != numberAt(hidden, "before.accessible") && found != blocks {
		v.add("drive-changed")
	}
	if v.stopped {
		return "", true
	}
	after, told := nativeSectors(get(hidden, "after"))
	if !told {
		v.add("native-capacity-unknown")
		return "", false
	}
	if after != blocks || numberAt(hidden, "after.accessible") != blocks {
		v.add("hidden-area")
	}
	return "", true
}

// obstacleCode says why nothing was reached.
func obstacleCode(state string) string {
	switch state {
	case "unknown":
		return "native-capacity-unknown"
	case "power-cycle-needed":
		return state
	}
	return "hidden-area"
}

func (v *derivation) examineObstacle(state string) string {
	verdict := "refused"
	if state == "unknown" {
		verdict = "indeterminate"
	}
	v.add(obstacleCode(state))
	if v.stopped || get(v.d.root, "method.probe") != nil || len(v.passes) != 0 || len(v.backs) != 0 {
		return "failed"
	}
	return verdict
}
