# openb-trace: the tasks of the trace as they came and went, as lines for gcs batch --each: `clock` up to the second,
# then who leaves in it, then who comes. A task is an actor of its name; whoever leaves is killed.
#
#   awk -f t/openb-trace.awk PODS.csv

function event(when, rank, line) { printf "%d\t%d\t%d\t%s\n", when, rank, NR, line | sort }

BEGIN { FS = ","; sort = "sort -n -k 1,1 -k 2,2 -k 3,3 | awk -F '\\t' '" \
	"$1 > now { print \"clock +\" $1 - now \"s\"; now = $1 } { print $4 }'" }
NR > 1 {
	models = $6
	gsub(/\|/, ",", models)
	gpu = $4 == 1 ? $5 / 1000 : $4
	event($9, 1, "actor create " $1 " -r cpu=" $2 / 1000 ",mem=" $3 "Mi" (gpu > 0 ? ",gpu=" gpu : "") \
		(models == "" ? "" : " -l 'gpu_model in (" models ")'"))
	if ($10 != "")
		event($10, $10 > $9 ? 0 : 2, "actor kill " $1)
}
END { close(sort) }
