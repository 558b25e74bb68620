/* Cobertura reports as text: REPORT(FILE_("a.c", HIT(1) MISSED(2) BRANCHES(3, 1, "1/2"))) */
#ifndef TESTS_SUPPORT_COBERTURA_H
#define TESTS_SUPPORT_COBERTURA_H

#define REPORT(classes) \
    "<coverage><packages><package><classes>" classes "</classes></package></packages></coverage>"
#define FILE_(path, lines) "<class filename='" path "' name='c'><lines>" lines "</lines></class>"
#define HIT(line) "<line number='" #line "' hits='1'/>"
#define MISSED(line) "<line number='" #line "' hits='0'/>"
#define BRANCHES(line, hits, parts)                                                                \
    "<line number='" #line "' hits='" #hits "' branch='true' condition-coverage='50% (" parts ")'" \
    "/>"

#endif
