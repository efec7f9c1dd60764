/** Plugs in the circuit breakers, bulkheads and rate limiters of Resilience4j that a host already has. */
@NullMarked
package io.github.plimsoll.serving.resilience4j;

import org.jspecify.annotations.NullMarked;
