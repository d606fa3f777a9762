package io.aiproxy;

import io.aiproxy.config.BadConfiguration;
import io.aiproxy.config.ConfigReader;
import io.aiproxy.config.Environment;
import io.aiproxy.provider.Providers;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The gateway as a servlet filter: a request that a route takes goes to its LLM service, any other goes on along the chain.
 *
 * <p>Its configuration is, in this order: the init-params of this registration, if they say {@code provider} (one route, by
 * dotted keys such as {@code auth.header.Authorization}); the file that the init-param {@code config} names; the file that the
 * system property {@value #PROPERTY} names; the file that the environment variable {@value #VARIABLE} names. Files are watched.
 */
public final class AiProxyFilter implements Filter {
  /** Names the configuration file. */
  public static final String PROPERTY = "ai-proxy.config";

  /** Names the configuration file where the system property does not. */
  public static final String VARIABLE = "AI_PROXY_CONFIG";

  /** The attribute of the servlet context under which others of the web application find the gateway. */
  public static final String ATTRIBUTE = "io.aiproxy.Gateway";

  private static final String CONFIG = "config";

  private final boolean shared;
  private final boolean suspends;
  private @Nullable Gateway gateway;
  private @Nullable ServletContext context;

  /** For {@code web.xml}. */
  public AiProxyFilter() {
    shared = false;
    suspends = false;
  }

  /** In front of a gateway that somebody else closes. */
  public AiProxyFilter(Gateway gateway) {
    this(gateway, false);
  }

  /**
   * In front of a gateway that somebody else closes.
   *
   * @param suspends whether a stream, once it has begun, is to give back the thread of its request and go on without. That is
   *     for a container that dispatches a suspended request again even when its client is gone, as Jetty does and Tomcat does
   *     not. The filter has to support asynchronous processing and be mapped for {@code ASYNC} dispatches, too. Attributes are
   *     set when a request is complete, as an access log and an {@link jakarta.servlet.AsyncListener} see it; filters before
   *     this one have their turn before that.
   */
  public AiProxyFilter(Gateway gateway, boolean suspends) {
    this.gateway = gateway;
    this.suspends = suspends;
    shared = true;
  }

  @Override
  public void init(FilterConfig config) throws ServletException {
    Gateway opened = gateway;
    if (opened == null) {
      opened = open(config);
      gateway = opened;
    }
    context = config.getServletContext();
    config.getServletContext().setAttribute(ATTRIBUTE, opened);
  }

  private static Gateway open(FilterConfig config) throws ServletException {
    Map<String, String> params = new HashMap<>();
    Collections.list(config.getInitParameterNames())
        .forEach(name -> params.put(name, config.getInitParameter(name)));
    try {
      if (params.containsKey("provider")) {
        ConfigReader reader =
            new ConfigReader(Providers.installed(), Environment.system(Path.of("")));
        return Gateway.open(reader.read(params, config.getFilterName()));
      }
      return Gateway.open(file(params));
    } catch (BadConfiguration bad) {
      throw new ServletException(
          "the configuration of AiProxyFilter is wrong: " + bad.errors(), bad);
    } catch (IOException unreadable) {
      throw new ServletException("the configuration of AiProxyFilter cannot be read", unreadable);
    }
  }

  private static Path file(Map<String, String> params) throws ServletException {
    return Stream.of(params.get(CONFIG), System.getProperty(PROPERTY), System.getenv(VARIABLE))
        .flatMap(name -> Optional.ofNullable(name).filter(text -> !text.isBlank()).stream())
        .findFirst()
        .map(Path::of)
        .orElseThrow(() -> new ServletException(
            "AiProxyFilter has no configuration: give it the init-params of a route"
                + " (provider, …), or name a file by the init-param config, the system property "
                + PROPERTY
                + " or the environment variable " + VARIABLE));
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Gateway serving = gateway;
    boolean served = serving != null
        && request instanceof HttpServletRequest httpRequest
        && response instanceof HttpServletResponse httpResponse
        && serving.serve(httpRequest, httpResponse, suspends);
    if (!served) {
      chain.doFilter(request, response);
    }
  }

  @Override
  public void destroy() {
    Gateway opened = gateway;
    if (opened != null && !shared) {
      opened.close();
    }
    ServletContext publishing = context;
    if (publishing != null && opened != null && opened.equals(publishing.getAttribute(ATTRIBUTE))) {
      publishing.removeAttribute(ATTRIBUTE);
    }
    gateway = null;
  }
}
