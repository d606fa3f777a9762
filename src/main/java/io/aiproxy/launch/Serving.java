package io.aiproxy.launch;

import io.aiproxy.Gateway;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A gateway on its address, with its access log, from the start to the end that a signal asks for. */
record Serving(ServeOptions options, Map<String, String> variables) {
  /** In which an exchange that is cut may still tell its client. */
  private static final Duration CUT_GRACE = Duration.ofMillis(500);

  /**
   * Serves until the signal, lets running exchanges end, and returns.
   *
   * @param greeting what to say besides, once the address is known
   */
  int run(Gateway gateway, Console console, Function<URI, List<String>> greeting)
      throws Failure, InterruptedException {
    StopSignal signal = StopSignal.install();
    try (AccessLog log = AccessLog.open(options.accessLogConfig(), variables);
        WebServer server = WebServer.open(options, gateway, log)) {
      console.out().println("access log: " + log.place());
      greeting.apply(server.address()).forEach(console.out()::println);
      console.out().println("listening on " + server.address());
      signal.await();
      server.cutAfter(options.drain().plus(CUT_GRACE));
      gateway.drain(options.drain());
      return Command.DONE;
    }
  }
}
