/** Data contracts: what each feature of a model may hold, and what happens to a row that breaks it. */
@NullMarked
package io.github.plimsoll.validation.data;

import org.jspecify.annotations.NullMarked;
