package io.aiproxy.config;

/**
 * What is told about an exchange besides its request attributes.
 *
 * @param summaries models, tokens and times; false unless configured
 * @param payloads the prompt and the answer; false unless configured
 */
public record Logging(boolean summaries, boolean payloads) {}
