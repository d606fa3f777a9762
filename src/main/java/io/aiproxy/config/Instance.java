package io.aiproxy.config;

/**
 * One of the upstreams of a route. Immutable.
 *
 * @param name unique within its route; what the log calls it
 * @param weight its share beside the others of its priority; 0 gets nothing while others can be asked
 * @param priority higher ones are asked first, lower ones when those have nobody left
 * @param settings how it is reached and spoken to, what all instances of the route share included
 */
public record Instance(String name, int weight, int priority, AiProxy settings) {}
