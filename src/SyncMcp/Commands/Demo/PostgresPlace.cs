using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using SyncMcp.Settings;

namespace SyncMcp.Commands.Demo;

/// <summary>The server that <c>--postgres</c> names, and a schema of the demo's own in it: nothing else there is touched.</summary>
internal sealed class PostgresPlace : IAsyncDisposable
{
    public const string Schema = "syncmcp_demo";

    private static readonly (string Property, string[] Names, string? Default)[] Known =
    [
        ("Server", ["server", "host", "data source"], null),
        ("Port", ["port"], "5432"),
        ("Database", ["database", "db"], null),
        ("User", ["user", "username", "user name", "user id", "userid", "uid"], null),
        ("Password", ["password", "pwd"], ""),
        ("SSL Mode", ["ssl mode", "sslmode"], "prefer"),
    ];

    private readonly Dictionary<string, string> properties;
    private readonly NpgsqlDataSource source;

    private PostgresPlace(Dictionary<string, string> properties, NpgsqlDataSource source) => (this.properties, this.source) = (properties, source);

    /// <summary>Reads <c>Server=…;Database=…;User=…;Password=…</c> or <c>postgresql://user:password@host:port/database</c>.</summary>
    /// <exception cref="SettingException">It cannot be read; the message holds nothing of it.</exception>
    public static PostgresPlace Parse(string text)
    {
        var given = text.Contains("://", StringComparison.Ordinal) ? OfUri(text) : OfPairs(text);
        var wanted = new Dictionary<string, string>();
        foreach (var (property, names, fallback) in Known)
            wanted[property] = names.Select(name => given.GetValueOrDefault(name)).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? fallback ?? throw new SettingException($"--postgres: {property} is missing. Write {Form}.");
        if (given.Keys.FirstOrDefault(name => !Known.Any(known => known.Names.Contains(name))) is { } stranger)
            throw new SettingException($"--postgres: \"{stranger}\" is not known. Write {Form}.");
        try
        {
            var builder = new NpgsqlSlimDataSourceBuilder(new NpgsqlConnectionStringBuilder
            {
                Host = wanted["Server"],
                Port = int.Parse(wanted["Port"], CultureInfo.InvariantCulture),
                Database = wanted["Database"],
                Username = wanted["User"],
                SslMode = Enum.Parse<SslMode>(wanted["SSL Mode"].Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
                Pooling = false,
            }.ToString());
            builder.EnableTransportSecurity();
            var password = wanted["Password"];
            builder.UsePasswordProvider(_ => password, (_, _) => ValueTask.FromResult(password));
            return new(wanted, builder.Build());
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            throw new SettingException($"--postgres: Port or SSL Mode cannot be meant. Write {Form}.");
        }
    }

    /// <summary>What create_connection gets.</summary>
    public JsonObject Connection(string name)
    {
        var given = new JsonObject { ["Schema"] = Schema };
        foreach (var (property, value) in properties.Where(property => property.Value.Length > 0))
            given[property] = value;
        return new() { ["name"] = name, ["connector"] = "PostgreSQL", ["properties"] = given };
    }

    /// <summary>Makes the schema.</summary>
    /// <exception cref="StoryEndedException">The server cannot be used, or has a schema of that name.</exception>
    public async Task MakeSchemaAsync(CancellationToken ct)
    {
        try
        {
            await ExecuteAsync($"CREATE SCHEMA {Schema}", ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.DuplicateSchema)
        {
            throw new StoryEndedException($"the database has a schema {Schema} already, from an earlier demo perhaps; drop it first: DROP SCHEMA {Schema} CASCADE");
        }
        catch (NpgsqlException error)
        {
            throw new StoryEndedException($"--postgres: {error.Message}");
        }
    }

    /// <summary>Drops the schema with the demo's tables.</summary>
    public Task DropSchemaAsync() => ExecuteAsync($"DROP SCHEMA {Schema} CASCADE", CancellationToken.None);

    /// <summary>The rows of a table as texts, in the order of its key; nulls are null.</summary>
    public async IAsyncEnumerable<string?[]> RowsAsync(string table, IReadOnlyList<string> columns, string key, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand($"SELECT {string.Join(", ", columns.Select(column => $"{column}::text"))} FROM {Schema}.{table} AS kept ORDER BY {string.Join(", ", key.Split(", ").Select(column => "kept." + column))}", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var row = new string?[columns.Count];
            for (var i = 0; i < row.Length; i++)
                row[i] = await reader.IsDBNullAsync(i, ct) ? null : reader.GetString(i);
            yield return row;
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private const string Form = "\"Server=…;Port=5432;Database=…;User=…;Password=…\" or postgresql://user:password@server:5432/database";

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static Dictionary<string, string> OfPairs(string text)
    {
        try
        {
            var parsed = new DbConnectionStringBuilder { ConnectionString = text };
            return parsed.Keys.Cast<string>().ToDictionary(name => name, name => (string)parsed[name], StringComparer.OrdinalIgnoreCase);
        }
        catch (ArgumentException)
        {
            throw new SettingException($"--postgres cannot be read. Write {Form}.");
        }
    }

    private static Dictionary<string, string> OfUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            throw new SettingException($"--postgres cannot be read. Write {Form}.");
        var account = uri.UserInfo.Split(':', 2);
        return new(StringComparer.OrdinalIgnoreCase)
        {
            ["server"] = uri.Host,
            ["port"] = uri.Port > 0 ? uri.Port.ToString(CultureInfo.InvariantCulture) : "",
            ["database"] = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            ["user"] = Uri.UnescapeDataString(account[0]),
            ["password"] = account.Length > 1 ? Uri.UnescapeDataString(account[1]) : "",
        };
    }
}
