/** Numbers that say what texts and tensors are like: for profiles, and for whoever watches live traffic. */
@NullMarked
package io.github.plimsoll.validation.internal.measure;

import org.jspecify.annotations.NullMarked;
