module idlerace

go 1.19
