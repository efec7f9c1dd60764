package io.github.plimsoll.validation.data;

/**
 * Where data is used. Some columns are there in one environment only: the label is absent when serving.
 *
 * @since 0.1
 */
public enum Environment {
    /** The data that a model is fitted to and tested on. */
    TRAINING,
    /** The inputs of live predictions. */
    SERVING
}
