using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Settings;

/// <summary>
/// The operator's own settings, <c>config.json</c> in the operator's folder: one server at its top, or several by name. Policy stands beside it in
/// <c>policy.json</c> (<see cref="Guard.Policy"/>).
/// </summary>
internal sealed record OperatorFile : ServerProfile
{
    /// <summary>The profile that is meant where the command line names none.</summary>
    public string? Profile { get; init; }

    /// <summary>Servers by name.</summary>
    public Dictionary<string, NamedProfile>? Profiles { get; init; }

    public static string PathIn(string operatorFolder) => Path.Combine(operatorFolder, "config.json");

    /// <summary>Reads it; one without members where there is none.</summary>
    /// <exception cref="SettingException">It cannot be read, is not understood, or others could have written it.</exception>
    public static OperatorFile Read(string operatorFolder)
    {
        var path = PathIn(operatorFolder);
        try
        {
            if (!File.Exists(path))
                return new();
            var file = JsonSerializer.Deserialize(File.ReadAllText(path), OperatorFileJson.Default.OperatorFile) ?? new();
            RequireClosed(path, holdsToken: file.HoldsSecret() || file.Profiles?.Values.Any(profile => profile?.HoldsSecret() == true) == true);
            if (file.Profiles?.FirstOrDefault(profile => profile.Value is null || !NamedProfile.IsName(profile.Key)) is { Key: { } odd })
                throw new SettingException($"{path}: {Filters.Text.Quote(odd)} is no profile: a name of 1 to 64 letters, digits and the signs - _ . with an object of url, token, ca_file, proxy, auth, workspace, data, mode.");
            return file;
        }
        catch (JsonException ex)
        {
            throw new SettingException(
                $"{path} is not understood (line {ex.LineNumber + 1 ?? 1}): it is one JSON object with the members url, token, ca_file, proxy, auth, workspace, data, profile, profiles and no others (what is allowed stands in policy.json). {ex.Message}");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{path} cannot be read: {ex.Message}");
        }
    }

    /// <summary>Only the operator may have written the file, and only the operator may read a token in it.</summary>
    /// <exception cref="SettingException">Others can.</exception>
    public static void RequireClosed(string path, bool holdsToken)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
            return;
        var mode = File.GetUnixFileMode(path);
        if ((mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            throw new SettingException($"{path} can be written by other users, so it is not taken for the operator's: chmod 600 {path}");
        if (holdsToken && (mode & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None)
            throw new SettingException($"{path} holds a token and can be read by other users: chmod 600 {path}");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(OperatorFile))]
internal sealed partial class OperatorFileJson : JsonSerializerContext;
