using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Settings;

namespace SyncMcp.Commands;

/// <summary>The server that a login is about, and its line in config.json.</summary>
/// <param name="Options">How it is reached.</param>
/// <param name="Profile">The profile that is to name it; null for the file's top.</param>
/// <param name="IsKnown">The file leads there already.</param>
internal sealed record LoginTarget(ServerOptions Options, string? Profile, bool IsKnown)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Puts it together.</summary>
    /// <exception cref="SettingException">No address is known, or the name belongs to another server.</exception>
    public static LoginTarget Of(StartWords words, string? url, Surroundings surroundings)
    {
        var path = OperatorFile.PathIn(surroundings.OperatorFolder);
        var file = OperatorFile.Read(surroundings.OperatorFolder);
        var name = words.Profile ?? (url is null ? file.Profile : null);
        if (name is not null && !NamedProfile.IsName(name))
            throw new SettingException("--profile is a name of 1 to 64 letters, digits and the signs - _ .");
        var known = name is null ? file.Url : file.Profiles?.GetValueOrDefault(name)?.Url;
        var address = Values.Url(url ?? known ?? throw new SettingException($"URL is missing: {path} names no server{(name is null ? "" : $" for the profile {name}")}."));
        if (address.Wrong is not null)
            throw new SettingException($"URL {address.Wrong}");
        var leads = known is not null && Values.Url(known).Value is { } other && ServerOrigin.Of(other) == ServerOrigin.Of(address.Value!);
        if (known is not null && !leads)
        {
            throw new SettingException(name is null
                ? $"{path} leads to another server. Give this one a name: syncmcp login {address.Value} --profile NAME"
                : $"The profile {name} of {path} leads to another server. Take another name, or correct the file.");
        }

        // A named profile brings its own CA and proxy; a new one has none yet.
        var read = leads && name is not null ? words with { Profile = name, Url = null } : words with { Profile = null, Url = address.Value!.OriginalString };
        return new(OptionsReader.Read(read, new(surroundings.OperatorFolder, Without(surroundings.Variables))), name, leads);
    }

    /// <summary>Writes the address into the file where it is not there, and takes a token out that stands beside it; what the person must do instead where the file holds remarks.</summary>
    public string? Keep()
    {
        var path = OperatorFile.PathIn(Options.OperatorFolder);
        var text = File.Exists(path) ? File.ReadAllText(path) : "{}";
        JsonObject file;
        try
        {
            file = JsonNode.Parse(text)!.AsObject();
        }
        catch (JsonException)
        {
            return $"{path} holds remarks, which would be lost: write \"url\": \"{Options.Server}\" into it yourself{(Profile is null ? "" : $", in the profile {Profile}")}, and take a \"token\" beside it out.";
        }

        var entry = file;
        if (Profile is not null)
        {
            var profiles = file["profiles"] as JsonObject ?? [];
            file["profiles"] = profiles.Parent is null ? profiles : file["profiles"];
            entry = profiles[Profile] as JsonObject ?? [];
            if (entry.Parent is null)
                profiles[Profile] = entry;
        }

        if (!IsKnown)
            entry["url"] = Options.Server!.OriginalString;
        if (!entry.Remove("token") && IsKnown)
            return null;
        new OperatorPlace(Options.OperatorFolder).Write("config.json", file.ToJsonString(Indented) + "\n");
        return null;
    }

    // The environment of another server must not mix in: this is about the one that the person names.
    private static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> variables) =>
        variables.Where(one => one.Key is not ("SYNCMCP_URL" or "SYNCMCP_TOKEN")).ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
}
