/** How tables are read. */
@NullMarked
package io.github.plimsoll.core.internal.table;

import org.jspecify.annotations.NullMarked;
