package io.aiproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

class AwsKeysTest {
  private static final AwsCredentials KEYS = AwsBasicCredentials.create("id", "key");
  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicInteger closed = new AtomicInteger();

  private AwsKeys found(AwsCredentialsProvider provider, Duration patience) {
    return new AwsKeys.Found(provider, closed::incrementAndGet, patience);
  }

  @Test
  void handsOutWhatWasFound() {
    try (AwsKeys keys = found(() -> KEYS, LONG)) {
      assertThat(keys.now()).isEqualTo(KEYS);
    }
  }

  @Test
  void asksAgainEachTimeSinceKeysDoNotLast() {
    AtomicInteger asked = new AtomicInteger();
    try (AwsKeys keys =
        found(() -> AwsBasicCredentials.create("id" + asked.incrementAndGet(), "key"), LONG)) {
      assertThat(keys.now().accessKeyId()).isEqualTo("id1");
      assertThat(keys.now().accessKeyId()).isEqualTo("id2");
    }
  }

  @Test
  void doesNotWaitForeverForASlowSource() {
    CountDownLatch never = new CountDownLatch(1);
    try (AwsKeys keys = found(
        () -> {
          await(never);
          return KEYS;
        },
        Duration.ofMillis(20))) {
      Problem problem = catchThrowableOfType(Problem.class, keys::now);

      assertThat(problem.kind()).isEqualTo(Problem.Kind.UPSTREAM_TIMEOUT);
      assertThat(problem.message()).contains("AWS");
    }
  }

  @Test
  void saysThatThereAreNoneWithoutSayingWhy() {
    try (AwsKeys keys = found(
        () -> {
          throw new IllegalStateException("secret");
        },
        LONG)) {
      Problem problem = catchThrowableOfType(Problem.class, keys::now);

      assertThat(problem.kind()).isEqualTo(Problem.Kind.INTERNAL);
      assertThat(problem.message()).contains("AWS").doesNotContain("secret");
    }
  }

  @Test
  void closesTheSourceWithItself() {
    found(() -> KEYS, LONG).close();

    assertThat(closed).hasValue(1);
  }

  @Test
  void refusesHalfAKeyAndARouteWithoutARegion() {
    assertThat(faults(Map.of("access_key_id", "id"), Map.of("region", "r")))
        .containsExactly("secret_access_key: is required beside access_key_id");
    assertThat(faults(Map.of("secret_access_key", "key"), Map.of("region", "r")))
        .containsExactly("access_key_id: is required beside secret_access_key");
    assertThat(faults(Map.of("session_token", "t"), Map.of("region", "r")))
        .containsExactly("session_token: belongs to a key: give access_key_id as well");
    assertThat(faults(Map.of(), Map.of()))
        .containsExactly(": requires provider_conf.region, which is part of each signature");
    assertThat(faults(Map.of(), Map.of("region", "r"))).isEmpty();
  }

  private static List<String> faults(Map<String, String> members, Map<String, String> conf) {
    List<String> faults = new ArrayList<>();
    new Aws()
        .check(
            new AuthSettings(members, conf, name -> Optional.empty()),
            (key, fault) -> faults.add(key + ": " + fault));
    return faults;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
