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
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

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
    /// The engine that serves the data directory and takes connections on its socket; waits for one that is just starting. Null when none came in time.
    /// To use after <see cref="EngineBusyException"/>.
    /// </summary>
    public static async Task<EngineLocation?> FindAsync(string dataDirectory, TimeSpan patience, TimeProvider time, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            // A token and facts in a folder that others may write to could be theirs.
            if (DataDirectory.IsPrivate(dataDirectory) && ReadFacts(dataDirectory) is { Socket: { } socket } facts
                && SocketPlace.Listens(socket) && TokenFile.Read(dataDirectory) is { } token)
            {
                return new(facts, token);
            }

            if (time.GetElapsedTime(begun) >= patience)
                return null;
            await Task.Delay(Pause, time, ct);
        }
    }

    internal static void WriteFacts(string dataDirectory, EngineFacts facts) =>
        DataDirectory.WritePrivate(FactsFile(dataDirectory), JsonSerializer.Serialize(facts, EngineFactsJson.Default.EngineFacts) + "\n");

    internal static void RemoveFacts(string dataDirectory) => File.Delete(FactsFile(dataDirectory));

    private static string FactsFile(string dataDirectory) => Path.Combine(dataDirectory, "engine.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(EngineFacts))]
internal sealed partial class EngineFactsJson : JsonSerializerContext;
