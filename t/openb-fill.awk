# openb-fill: tasks of the trace as actors, drawn with replacement until they ask for 130 % of the GPUs, as lines for
# gcs batch. The draw is a generator of its own (Park and Miller's), so that a seed means the same in every awk.
#
#   awk -v seed=1 -f t/openb-fill.awk NODES.csv PODS.csv    (both as in t/data/openb)
#
# The last line is a comment that says what was asked for: "# tasks N gpus ASKED of TOTAL".

function draw(n) {
	random = random * 16807 % 2147483647
	return 1 + int(random / 2147483647 * n)
}

function gpus(t) {
	return count[t] == 1 ? milli[t] / 1000 : count[t]
}

BEGIN { FS = "," }
FNR == 1 { next }
NR == FNR { total += $4; next }
{
	n++
	cpu[n] = $2
	mem[n] = $3
	count[n] = $4
	milli[n] = $5
	models[n] = $6
	gsub(/\|/, ",", models[n])
}
END {
	random = seed * 7919 + 1
	for (t = 0; t < 20; t++) # the first numbers of near seeds are near each other
		draw(1)
	while (asked < 1.3 * total) {
		t = draw(n)
		asked += gpus(t)
		line = "actor create -r cpu=" cpu[t] / 1000 ",mem=" mem[t] "Mi"
		if (count[t] > 0)
			line = line ",gpu=" gpus(t)
		if (models[t] != "")
			line = line " -l 'gpu_model in (" models[t] ")'"
		print line
		tasks++
	}
	print "# tasks " tasks " gpus " asked " of " total
}
