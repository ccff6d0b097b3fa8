# nodes.csv as `gcs node register --from` reads it: amounts in our units, the GPU's model as a label.
BEGIN { FS = ","; OFS = ","; print "name", "cpu", "mem", "gpu", "labels" }
NR > 1 { print $1, $2 / 1000, $3 "Mi", $4, $5 == "" ? "" : "gpu_model=" $5 }
