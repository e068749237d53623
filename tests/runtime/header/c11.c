/* tenon.h alone, in strict C11. */
#include "tenon/tenon.h"

int main(void) { return tenon_version() == NULL; }
