using System.Text.Json;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Guard;

namespace SyncMcp.Settings;

/// <summary>
/// <c>routes.json</c> in the operator's folder: where a server's routes differ from the catalogue's, by the server's origin, then by operation. The
/// operator's alone: an argument or variable that sends one operation to another's route would lead the guard astray.
/// </summary>
internal static class RouteFile
{
    private const string Example = """{"https://sync.example.com:8181": {"execute_job": "/jobs/{job_id}/run"}}""";

    public static string PathIn(string operatorFolder) => Path.Combine(operatorFolder, "routes.json");

    /// <summary>The corrections for a server; null where there are none.</summary>
    /// <exception cref="SettingException">The file is not understood, others could have written it, or a correction is refused.</exception>
    public static IReadOnlyDictionary<string, string>? Read(string operatorFolder, Uri server)
    {
        if (!All(operatorFolder).TryGetValue(Origin(server), out var routes))
            return null;
        try
        {
            RouteCorrections.Check(routes);
            return routes;
        }
        catch (ArgumentException ex)
        {
            throw new SettingException($"{PathIn(operatorFolder)}: {ex.Message}");
        }
    }

    /// <summary>Puts the corrections of one server in; those of others stay.</summary>
    public static void Write(string operatorFolder, Uri server, IReadOnlyDictionary<string, string> routes)
    {
        var all = All(operatorFolder);
        if (routes.Count == 0)
            all.Remove(Origin(server));
        else
            all[Origin(server)] = new(routes.ToDictionary(), StringComparer.Ordinal);
        new OperatorPlace(operatorFolder).Write("routes.json", JsonSerializer.Serialize(all, RouteFileJson.Default.SortedDictionaryStringSortedDictionaryStringString) + "\n");
    }

    /// <summary>By what servers are told apart.</summary>
    public static string Origin(Uri server) => ServerOrigin.Of(server);

    private static SortedDictionary<string, SortedDictionary<string, string>> All(string operatorFolder)
    {
        var path = PathIn(operatorFolder);
        if (!File.Exists(path))
            return [];
        OperatorFile.RequireClosed(path, holdsToken: false);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), RouteFileJson.Default.SortedDictionaryStringSortedDictionaryStringString) ?? [];
        }
        catch (JsonException ex)
        {
            throw new SettingException($"{path} is not understood (line {ex.LineNumber + 1 ?? 1}): by a server's address, routes by operation, as in {Example}");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{path} cannot be read: {ex.Message}");
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(SortedDictionary<string, SortedDictionary<string, string>>))]
internal sealed partial class RouteFileJson : JsonSerializerContext;
