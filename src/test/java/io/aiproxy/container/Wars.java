package io.aiproxy.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The web applications that are put into containers. */
final class Wars {
  private static final String WEB_XML = """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
        <filter>
          <filter-name>ai-proxy</filter-name>
          <filter-class>io.aiproxy.AiProxyFilter</filter-class>
        </filter>
        <filter-mapping>
          <filter-name>ai-proxy</filter-name>
          <url-pattern>/*</url-pattern>
        </filter-mapping>
        <servlet>
          <servlet-name>echo</servlet-name>
          <servlet-class>io.aiproxy.container.EchoServlet</servlet-class>
        </servlet>
        <servlet-mapping>
          <servlet-name>echo</servlet-name>
          <url-pattern>/echo</url-pattern>
        </servlet-mapping>
        <security-constraint>
          <web-resource-collection>
            <web-resource-name>models</web-resource-name>
            <url-pattern>/v1/*</url-pattern>
          </web-resource-collection>
          <auth-constraint>
            <role-name>user</role-name>
          </auth-constraint>
        </security-constraint>
        <login-config>
          <auth-method>BASIC</auth-method>
          <realm-name>own</realm-name>
        </login-config>
        <security-role>
          <role-name>user</role-name>
        </security-role>
      </web-app>
      """;

  private static final String TOMCAT_CONTEXT = """
      <Context>
        <Realm className="org.apache.catalina.realm.MemoryRealm" pathname="%s"/>
      </Context>
      """;
  private static final String TOMCAT_USERS = """
      <tomcat-users><user username="alice" password="wonder" roles="user"/></tomcat-users>
      """;

  private static final String JETTY_CONTEXT = """
      <!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "https://jetty.org/configure_10_0.dtd">
      <Configure class="org.eclipse.jetty.ee10.webapp.WebAppContext">
        <Get name="securityHandler">
          <Set name="loginService">
            <New class="org.eclipse.jetty.security.HashLoginService">
              <Set name="name">own</Set>
              <Set name="userStore">
                <New class="org.eclipse.jetty.security.UserStore">
                  <Call name="addUser">
                    <Arg>alice</Arg>
                    <Arg>
                      <Call class="org.eclipse.jetty.util.security.Credential" name="getCredential"><Arg>wonder</Arg></Call>
                    </Arg>
                    <Arg><Array type="java.lang.String"><Item>user</Item></Array></Arg>
                  </Call>
                </New>
              </Set>
            </New>
          </Set>
        </Get>
      </Configure>
      """;

  private Wars() {}

  /** The gateway as the build packs it. */
  static Path gateway() {
    return Path.of(System.getProperty("ai-proxy.war"));
  }

  /** Somebody's own web application, which has the filter from the engine's jar before its servlet, and users. */
  static Path own() throws IOException {
    Path file = Path.of("target", "containers", "own.war").toAbsolutePath();
    Path users = Files.writeString(file.resolveSibling("own-users.xml"), TOMCAT_USERS);
    try (WarFile war = WarFile.open(file);
        ZipFile gateway = new ZipFile(gateway().toFile())) {
      war.with("WEB-INF/web.xml", WEB_XML)
          .with("META-INF/context.xml", TOMCAT_CONTEXT.formatted(users))
          .with("WEB-INF/jetty-web.xml", JETTY_CONTEXT)
          .with(EchoServlet.class)
          .withLibrary(engine());
      String engine = "WEB-INF/lib/" + engine().getFileName();
      for (ZipEntry entry : Collections.list(gateway.entries())) {
        if (entry.getName().matches("WEB-INF/lib/.+\\.jar") && !entry.getName().equals(engine)) {
          war.with(entry.getName(), gateway.getInputStream(entry).readAllBytes());
        }
      }
    }
    return file;
  }

  private static Path engine() {
    return gateway()
        .resolveSibling(gateway().getFileName().toString().replace(".war", "-classes.jar"));
  }
}
