using System.Net.Sockets;
using System.Text.RegularExpressions;
using Npgsql;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>What the server or the way to it says, as errors that name the thing and the way out. Neither secrets nor values of rows stand in them.</summary>
internal static partial class Errors
{
    public static ReplicationException Map(Exception error, Address address, string side) => error switch
    {
        ReplicationException known => known,
        PostgresException said => Map(said, address, side),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => new("command_timeout", $"{side} {address.Place} did not answer in time; raise command_timeout in the job's settings or make the batches smaller.", error),
        NpgsqlException { InnerException: SocketException socket } => new("server_unreachable", $"no PostgreSQL server answers at {address.Server}:{address.Port} ({socket.Message}). Check Server and Port, and that the server runs and may be reached from here.", error),
        NpgsqlException asked when asked.Message.StartsWith("No password", StringComparison.Ordinal) => new("password_missing", $"{address.Server}:{address.Port} asks user {address.User} for a password and the connection has none; set Password.", error),
        NpgsqlException { InnerException: IOException or null } broken when !IsAboutTls(broken) => new("connection_lost", $"the connection to {side} {address.Place} broke: {broken.Message}. What was committed stays, nothing is half-written; run again.", error),
        NpgsqlException tls when IsAboutTls(tls) => new("tls_refused", $"{address.Server}:{address.Port} does not speak as SSL Mode wants it: {tls.InnerException?.Message ?? tls.Message}", error),
        _ => new($"{side}_error", $"{side} {address.Place}: {error.Message}", error),
    };

    private static bool IsAboutTls(NpgsqlException error) =>
        error.Message.Contains("SSL", StringComparison.Ordinal) || error.InnerException is System.Security.Authentication.AuthenticationException;

    private static ReplicationException Map(PostgresException said, Address address, string side)
    {
        var words = Words(said);
        return said.SqlState switch
        {
            "28P01" => new("password_refused", $"{address.Server}:{address.Port} refuses user {address.User}: wrong user or password. Set Password anew.", said),
            "28000" => new("access_refused", $"{address.Server}:{address.Port} lets user {address.User} not into database {address.Database}: {words}. The server's administrator can allow it.", said),
            "3D000" => new("database_missing", $"there is no database {address.Database} at {address.Server}:{address.Port}; check Database.", said),
            "3F000" => new("schema_missing", $"{address.Place}: {words}.", said),
            "42P01" => new("table_missing", $"{address.Place}: {words}.", said),
            "42501" => new("rights_missing", $"user {address.User} lacks a right in {address.Place}: {words}. The owner can grant it: {(side == "destination" ? $"GRANT CREATE, USAGE ON SCHEMA … TO {address.User}, or ownership of the table" : $"GRANT SELECT ON … TO {address.User}")}.", said),
            "25006" => new("read_only", $"{side} {address.Place} takes no writes now: {words}. Choose the primary server, or another destination.", said),
            "55P03" => new("locked", $"a table of {side} {address.Place} is locked by another session that did not let go in time; end that session or run again later.", said),
            "40P01" or "40001" => new("conflict", $"{side} {address.Place}: {words}. Nothing was written by this transaction; run again.", said),
            "57014" => new("command_timeout", $"a command at {side} {address.Place} took longer than command_timeout, or was canceled at the server; raise it in the job's settings or make the batches smaller.", said),
            "57P01" or "57P02" or "57P03" or "57P05" => new("connection_lost", $"{side} {address.Place} is going down or starting: {words}. What was committed stays, nothing is half-written; run again.", said),
            "53100" => new($"{side}_full", $"no space left for {side} {address.Place}; free some disk space and run again. What was committed stays, nothing is half-written.", said),
            "53300" => new("server_busy", $"{address.Server}:{address.Port} takes no more connections now; run again later.", said),
            ['4', '2', ..] when side == "source" => new("query_refused", $"{address.Place} does not take the task's query: {words}. Change the expression, or cast: CAST(column AS TEXT).", said),
            ['0', '8', ..] => new("connection_lost", $"the connection to {side} {address.Place} broke: {words}. What was committed stays, nothing is half-written; run again.", said),
            "21000" or "54000" => new("row_refused", $"the destination refuses a row: {words}.", said),
            "2BP01" => new("table_in_use", $"{address.Place}: {words}. Drop what depends on it, or clear drop_table.", said),
            ['2', '3', ..] => new("row_refused", $"the destination refuses a row: {words}. Change the table's rule or leave such rows out by a WHERE.", said),
            ['2', '2', ..] when side == "destination" => new("value_refused", $"the destination cannot hold a value: {words}.", said),
            _ => new($"{side}_error", $"{side} {address.Place}: {words} ({said.SqlState}).", said),
        };
    }

    // The server quotes a value that it cannot read: that is somebody's data.
    private static string Words(PostgresException said) => said.SqlState.StartsWith("22", StringComparison.Ordinal) ? Quoted().Replace(said.MessageText, "") : said.MessageText;

    [GeneratedRegex(": \".*$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
