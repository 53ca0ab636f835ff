#!/bin/bash
# assert: sentences and phrases in, their assertion out; columns by name; bad rows keep their place.
. "$(dirname "$0")/cli.inc"

cat >"$tmp/in.tsv" <<'END'
note	row	target	sentence
x	a1	pneumothorax	There is no pneumothorax.
x	a2	pneumothorax	There is a small pneumothorax.
x	a3	pneumonia	Opacity, possibly pneumonia.
x	a4	wibble	There is no evidence of wibble.
x	a5	胸腔积液	未见胸腔积液。
x	a6	breast cancer	Family history of breast cancer in her mother.
x	a7	支气管异物	右主支气管异物（花生米可能）。
x	a8	支气管异物	右主支气管异物（可能）。
x	a9	输卵管妊娠	右侧输卵管妊娠（破裂不除外）。
x	b1	颅内出血	骨折不能除外；本次未见颅内出血。
x	b2	肺结节	原右肺结节本次未见。
x	b3	结节	原片所示部分结节未见显示。
x	b4	血肿	大部分血肿已吸收消失。
x	b5	结节	原片所示结节未见显示。
x	b6	蒂扭转	右卵巢肿大，内未见血流，蒂扭转。
END
run 0 "$roentext" assert "$tmp/in.tsv"
holds 'a row for each row, and the heading' lines out 16
says out '^row	presence	temporality	experiencer$'
says out '^a1	absent	current	patient$'
says out '^a2	present	current	patient$'
says out '^a3	possible	'
says out '^a4	absent	'
says out '^a5	absent	'
says out '^a6	[a-z]+	[a-z]+	family$'
says out '^a7	present	' # the doubt within brackets is of the peanut
says out '^a8	possible	'
says out '^a9	present	'
says out '^b1	absent	' # denies what follows it
says out '^b2	absent	'
says out '^b3	present	' # some are gone: the others are there
says out '^b4	present	'
says out '^b5	absent	'
says out '^b6	present	' # no item of a list that names nothing we know
cp "$tmp/out" "$tmp/first"
run 0 "$roentext" assert <"$tmp/in.tsv"
holds 'standard input gives the same' cmp "$tmp/out" "$tmp/first"
sed 's/$/\r/' "$tmp/in.tsv" >"$tmp/crlf.tsv"
run 0 "$roentext" assert "$tmp/crlf.tsv"
holds 'line ends do not matter' cmp "$tmp/out" "$tmp/first"

printf 'sentence\ttarget\nNo effusion.\teffusion\n\t\nNo effusion.\teffusion\n' >"$tmp/rows.tsv"
run 1 "$roentext" assert "$tmp/rows.tsv"
says err 'rows\.tsv:3.*no sentence'
says out '^1	absent'
says out '^2			$'
says out '^3	absent'
printf 'sentence\ttarget\toccurrence\nNo mass. Possible mass.\tmass\t2\nNo mass.\tmass\t2\nNo mass.\tmass\tx\nNo mass.\tmass\t\n' >"$tmp/nth.tsv"
run 1 "$roentext" assert "$tmp/nth.tsv"
says out '^1	possible'
says err 'nth\.tsv:3.*so often'
says err 'nth\.tsv:4.*occurrence'
says out '^4	absent'
printf 'row\tsentence\n1\tx\n' >"$tmp/missing.tsv"
run 2 "$roentext" assert "$tmp/missing.tsv"
says err 'no column "target"'
: >"$tmp/empty.tsv"
run 2 "$roentext" assert "$tmp/empty.tsv"
run 2 "$roentext" assert "$tmp/no-such.tsv"
run 2 "$roentext" assert a b
finish
