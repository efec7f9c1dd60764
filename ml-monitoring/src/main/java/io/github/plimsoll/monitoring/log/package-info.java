/** A record of every prediction, for audits and for joining with what is learned later. */
@NullMarked
package io.github.plimsoll.monitoring.log;

import org.jspecify.annotations.NullMarked;
