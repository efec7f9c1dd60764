/** MLflow folders and tracking servers. Not exported, free to change. */
@NullMarked
package io.github.plimsoll.core.internal.mlflow;

import org.jspecify.annotations.NullMarked;
