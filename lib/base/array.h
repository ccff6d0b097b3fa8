/* array: how many elements an array has whose size the compiler knows. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof *(array))

#endif
