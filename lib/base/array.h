/* array: the number of elements of an array of constant size. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof *(array))

#endif
