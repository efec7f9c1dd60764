/** What may be wrong with a data set, told in one call: start at {@link io.github.plimsoll.validation.audit.DataAudit}. */
@NullMarked
package io.github.plimsoll.validation.audit;

import org.jspecify.annotations.NullMarked;
