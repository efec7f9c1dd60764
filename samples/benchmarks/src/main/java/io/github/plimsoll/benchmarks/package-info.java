/** What Plimsoll costs, measured against the same work done without it. The figures are in {@code docs/benchmarks.md}. */
@NullMarked
package io.github.plimsoll.benchmarks;

import org.jspecify.annotations.NullMarked;
