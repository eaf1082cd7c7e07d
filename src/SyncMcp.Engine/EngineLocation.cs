using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using SyncMcp.Engine.Hosting;

namespace SyncMcp.Engine;

/// <summary>What a running engine says of itself in <c>engine.json</c>.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="Socket">Its Unix socket.</param>
/// <param name="Port">Its port on 127.0.0.1.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="StartedAt">When it started.</param>
public sealed record EngineFacts(int Pid, string? Socket, int? Port, string Version, DateTimeOffset StartedAt)
{
    /// <inheritdoc/>
    public override string ToString() => $"process {Pid} (syncmcp {Version}, since {StartedAt:u})";
}

/// <summary>Where a running engine is reached, and with which token.</summary>
/// <param name="Facts">What the engine says of itself.</param>
/// <param name="Token">The administrator's token.</param>
public sealed record EngineLocation(EngineFacts Facts, string Token)
{
    /// <summary>The socket's usual place: <c>engine.sock</c> in the data directory, a shorter one where that is over 107 bytes.</summary>
    public static string SocketPath(string dataDirectory) => SocketPlace.For(Path.Combine(Path.GetFullPath(dataDirectory), "engine.sock"));

    /// <summary>What the data directory says of its engine, which may be dead by now; null where it says nothing.</summary>
    public static EngineFacts? ReadFacts(string dataDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(FactsFile(dataDirectory)), EngineFactsJson.Default.EngineFacts);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// The engine that serves the data directory and takes connections on its socket; null where there is none, or it is just starting or ending.
    /// To use after <see cref="EngineBusyException"/>.
    /// </summary>
    /// <exception cref="EngineStartException">What listens there is not this user's (<c>socket_foreign</c>).</exception>
    public static async Task<EngineLocation?> FindAsync(string dataDirectory, CancellationToken ct)
    {
        // A token and facts in a folder that others may write to could be theirs.
        if (!DataDirectory.IsPrivate(dataDirectory) || !DataDirectory.IsOwn(TokenFile.Path(dataDirectory)) || ReadFacts(dataDirectory) is not { Socket: { } socket } facts || TokenFile.Read(dataDirectory) is not { } token)
            return null;
        try
        {
            await using var probe = await ConnectAsync(socket, ct);
            return new(facts, token);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>A connection to an engine's socket, once it is certain that folder, socket and the process behind it are this user's.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="EngineStartException">They are not (<c>socket_foreign</c>).</exception>
    public static async Task<Stream> ConnectAsync(string socket, CancellationToken ct) => new NetworkStream(await OwnSocket.ConnectAsync(socket, ct), ownsSocket: true);

    internal static void WriteFacts(string dataDirectory, EngineFacts facts) =>
        DataDirectory.WritePrivate(FactsFile(dataDirectory), JsonSerializer.Serialize(facts, EngineFactsJson.Default.EngineFacts) + "\n");

    internal static void RemoveFacts(string dataDirectory) => File.Delete(FactsFile(dataDirectory));

    private static string FactsFile(string dataDirectory) => Path.Combine(dataDirectory, "engine.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(EngineFacts))]
internal sealed partial class EngineFactsJson : JsonSerializerContext;
