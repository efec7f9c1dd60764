package io.github.plimsoll.core.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * States on a record component or a bean's getter what its Java type cannot say.
 *
 * <pre>{@code
 * record Ride(@FeatureSpec(unit = "°C", min = -30, max = 50) double temperature,
 *             @FeatureSpec(name = "postal_code", sensitive = true) String postalCode) {}
 * }</pre>
 *
 * @since 0.1
 * @see Schema#of(Class)
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.METHOD})
public @interface FeatureSpec {

    /**
     * The feature's name.
     *
     * @return a name, or nothing for the component's or property's own
     */
    String name() default "";

    /**
     * The unit that the values are in.
     *
     * @return the unit's symbol, or nothing
     */
    String unit() default "";

    /**
     * The smallest value of the range.
     *
     * @return a number
     */
    double min() default Double.NEGATIVE_INFINITY;

    /**
     * The largest value of the range.
     *
     * @return a number
     */
    double max() default Double.POSITIVE_INFINITY;

    /**
     * Whether the feature may be null.
     *
     * @return true if it may
     */
    boolean nullable() default false;

    /**
     * Whether the values are personal or secret.
     *
     * @return true if they must not appear in a log, message or profile
     */
    boolean sensitive() default false;

    /**
     * The names that a {@code String} may take; makes it a category.
     *
     * @return the names in the order of their codes, none for free text
     */
    String[] categories() default {};

    /**
     * The shape of an array.
     *
     * @return the size of each dimension, or nothing for one dimension of any size
     */
    long[] shape() default {};
}
