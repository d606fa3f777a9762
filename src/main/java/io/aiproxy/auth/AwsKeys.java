package io.aiproxy.auth;

import io.aiproxy.call.Problem;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * The keys by which requests are signed. Those that AWS's library finds it may have to fetch; nobody waits for it longer than
 * a bound, and what several wait for is fetched once. Safe for all threads.
 */
interface AwsKeys extends AutoCloseable {
  /**
   * Keys that are good now.
   *
   * @throws Problem if there are none, or not in time
   */
  AwsCredentials now();

  @Override
  void close();

  /**
   * Keys that configuration holds.
   *
   * @param token empty if the keys last
   */
  static AwsKeys written(String id, String key, String token) {
    AwsCredentials keys = token.isEmpty()
        ? AwsBasicCredentials.create(id, key)
        : AwsSessionCredentials.create(id, key, token);
    return new AwsKeys() {
      @Override
      public AwsCredentials now() {
        return keys;
      }

      @Override
      public void close() {}
    };
  }

  /** What AWS's library looks for in its usual order; it keeps what it finds, and renews it before it ends. */
  static AwsKeys found() {
    DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder().build();
    return new Found(chain, chain::close, Found.PATIENCE);
  }

  /** Fetched by somebody who may be slow. */
  final class Found implements AwsKeys {
    /** The chain asks files and the machine's own services, which answer at once or are not there. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final AwsCredentialsProvider provider;
    private final Runnable closing;
    private final Duration patience;
    private final ExecutorService fetcher = Executors.newSingleThreadExecutor(task -> {
      Thread thread = new Thread(task, "ai-proxy-aws");
      thread.setDaemon(true);
      return thread;
    });
    private final ReentrantLock lock = new ReentrantLock();
    private Future<AwsCredentials> fetching;

    Found(AwsCredentialsProvider provider, Runnable closing, Duration patience) {
      this.provider = provider;
      this.closing = closing;
      this.patience = patience;
      this.fetching = CompletableFuture.failedFuture(new IllegalStateException());
    }

    @Override
    public AwsCredentials now() {
      try {
        return fetch().get(patience.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException late) {
        throw Problem.of(
            Problem.Kind.UPSTREAM_TIMEOUT, "the credentials for AWS did not come in time", late);
      } catch (ExecutionException failed) {
        throw Problem.of(
            Problem.Kind.INTERNAL,
            "the gateway has no credentials for AWS, its log says more under this x-ai-request-id",
            failed);
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
        throw Problem.of(Problem.Kind.DRAINING, "the gateway is going down, try again");
      }
    }

    /** What has already begun is for all who wait. */
    private Future<AwsCredentials> fetch() {
      lock.lock();
      try {
        if (fetching.isDone()) {
          fetching = fetcher.submit(provider::resolveCredentials);
        }
        return fetching;
      } finally {
        lock.unlock();
      }
    }

    /** Waits a moment for the thread: a container that takes the web application away looks for what is left at once. */
    @Override
    public void close() {
      fetcher.shutdownNow();
      closing.run();
      try {
        boolean unused = fetcher.awaitTermination(CLOSING.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
