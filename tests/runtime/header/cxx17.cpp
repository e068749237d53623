// tenon.h alone, in strict C++17.
#include "tenon/tenon.h"

int main() { return tenon_version() == nullptr; }
