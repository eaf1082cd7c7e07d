using System.Globalization;
using Npgsql;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>Where a connection leads: its properties as Npgsql wants them. What no property says is never taken from the program's surroundings.</summary>
internal sealed class Address
{
    private const int DefaultPort = 5432;

    // Below the 35 s that a person waits for a test of a connection.
    private const int ConnectSeconds = 15;

    private static readonly Dictionary<string, SslMode> Modes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    private readonly SslMode mode;
    private readonly string password;

    /// <summary>Reads the properties.</summary>
    /// <exception cref="ReplicationException">One is missing or cannot be meant.</exception>
    public Address(ResolvedConnection connection)
    {
        string? Find(string name) => connection.Properties.FirstOrDefault(property => property.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        string Require(string name) => Find(name) ?? throw new ReplicationException("property_missing", $"the connection has no {name}; set it.");

        Server = Require("Server");
        if (Server.Contains(',', StringComparison.Ordinal))
            throw Refused("Server", "names several servers; name one");
        Port = DefaultPort;
        if (Find("Port") is { } port)
            Port = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65_536 ? number : throw Refused("Port", "is no number from 1 to 65535");
        Database = Require("Database");
        User = Require("User");
        Schema = Find("Schema") ?? "public";
        mode = Modes.TryGetValue(Find("SSL Mode") ?? "prefer", out var known) ? known : throw Refused("SSL Mode", $"is none of {string.Join(", ", Modes.Keys)}");
        password = connection.Properties.FirstOrDefault(property => property.Key.Equals("Password", StringComparison.OrdinalIgnoreCase)).Value ?? "";
    }

    public string Server { get; }

    public int Port { get; }

    public string Database { get; }

    public string User { get; }

    /// <summary>The schema whose tables are meant.</summary>
    public string Schema { get; }

    /// <summary>For messages, and to notice that a task reads elsewhere now.</summary>
    public string Place => $"{Server}:{Port.ToString(CultureInfo.InvariantCulture)}/{Database}";

    /// <summary>Whoever opens it disposes of it.</summary>
    public NpgsqlDataSource Source(TimeSpan? commandTimeout)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(new NpgsqlConnectionStringBuilder
        {
            Host = Server,
            Port = Port,
            Database = Database,
            Username = User,
            SslMode = mode,
            GssEncryptionMode = GssEncryptionMode.Disable, // there is no property for it, and asking costs a connection
            ApplicationName = "syncmcp",
            Timeout = ConnectSeconds,
            CommandTimeout = commandTimeout is { } limit ? (int)Math.Ceiling(limit.TotalSeconds) : 0,
            Pooling = false, // a run holds its connections; between runs there are none
            ReadBufferSize = 64 << 10,
            WriteBufferSize = 64 << 10,
            TcpKeepAlive = true, // a server that vanished without a word is noticed
            TcpKeepAliveTime = 30,
            TcpKeepAliveInterval = 10,
        }.ToString());
        builder.EnableTransportSecurity();
        // Only types that every server has are used: asking each new connection for all others takes longer than an empty run.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        // Also where there is none: Npgsql would else look for one in the environment and in the home folder and send that to a place that others named.
        builder.UsePasswordProvider(_ => password, (_, _) => ValueTask.FromResult(password));
        return builder.Build();
    }

    private static ReplicationException Refused(string property, string why) => new("property_invalid", $"{property} {why}.");
}
