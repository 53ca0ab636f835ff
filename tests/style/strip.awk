# For the other style tests: strip(line) gives a line of C without comments and without what stands in string and character
# constants. One call a line, in order; the state over lines is `in_comment`, set it to 0 at the start of a file.
function strip(line,    out, two, c, quote, i, n) {
    n = length(line)
    for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        two = substr(line, i, 2)
        if (in_comment) {
            if (two == "*/") { in_comment = 0; i++ }
        } else if (quote != "") {
            if (c == "\\") i++
            else if (c == quote) { quote = ""; out = out c }
        } else if (two == "/*") {
            in_comment = 1; i++
        } else if (two == "//") {
            break
        } else {
            if (c == "\"" || c == "'") quote = c
            out = out c
        }
    }
    return out
}
