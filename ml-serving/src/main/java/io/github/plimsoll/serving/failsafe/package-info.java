/** Plugs in the circuit breakers, bulkheads and rate limiters of Failsafe that a host already has. */
@NullMarked
package io.github.plimsoll.serving.failsafe;

import org.jspecify.annotations.NullMarked;
