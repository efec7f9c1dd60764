/**
 * Tables as streams of rows: CSV files, JSON lines and rows of the host's own, read in bounded memory. Start with
 * {@link io.github.plimsoll.core.table.Table}.
 *
 * @since 0.1
 */
@NullMarked
package io.github.plimsoll.core.table;

import org.jspecify.annotations.NullMarked;
