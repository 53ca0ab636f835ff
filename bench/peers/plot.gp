# Megabytes of text a second, engine by engine: gnuplot -e "table='FILE'" plot.gp, where FILE has lines of task, engine, MB/s.
set terminal svg size 760,620 font "sans,12" noenhanced background rgb "white"
set datafile separator tab
set logscale x
set xlabel "MB of text a second, one run, logarithmic"
set yrange [*:*] reverse
set format x "%g"
set grid xtics lc rgb "#dddddd"
set key off
set style fill solid
set boxwidth 0.7
name(task) = task eq "assert" ? "negation, en" : task eq "mentions" ? "findings, all parts, en" : task eq "extract" ? "findings, chest, en" : \
             task eq "words" ? "words, zh" : task eq "search" ? "index, en" : "index, zh"
colour(engine) = engine eq "roentext" ? 0x1f6fb4 : 0xb0b0b0
plot table using (sqrt($3*0.001)):0:(0.001):3:($0-0.35):($0+0.35):(colour(strcol(2))):ytic(name(strcol(1)).": ".strcol(2)) with boxxyerror lc rgb variable, \
     table using 3:0:(sprintf(" %.3g", $3)) with labels left
