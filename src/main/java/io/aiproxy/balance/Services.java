package io.aiproxy.balance;

import io.aiproxy.config.Semantic;
import io.aiproxy.embedding.Embedder;
import io.aiproxy.ledger.Ticker;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What balancing takes from the world around it.
 *
 * @param random for the thread that asks
 * @param threads for attempts that run beside another one: they block; one that is refused is not made
 * @param embedders who makes the vectors of prompts
 */
public record Services(
    Ticker ticker,
    InstantSource clock,
    Supplier<RandomGenerator> random,
    Executor threads,
    Function<Semantic, Embedder> embedders) {
  /** The real ones. */
  public static Services of(Executor threads, Function<Semantic, Embedder> embedders) {
    return new Services(
        Ticker.SYSTEM, InstantSource.system(), ThreadLocalRandom::current, threads, embedders);
  }
}
