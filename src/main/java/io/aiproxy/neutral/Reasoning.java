package io.aiproxy.neutral;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much a model is to think before it answers.
 *
 * @param enabled empty if the client left it open
 * @param effort such as {@code low} or {@code high}; empty if the client did not say
 * @param budget in tokens
 * @param shown whether the client wants to read the thoughts; empty if it did not say
 */
public record Reasoning(
    Optional<Boolean> enabled,
    String effort,
    OptionalLong budget,
    Optional<Boolean> shown,
    Origin origin) {}
