using SyncMcp.Client;

namespace SyncMcp.Settings;

/// <summary>The server of the operator's file that is meant, and where each of its members stands.</summary>
/// <param name="Server">The members.</param>
/// <param name="Name">Its name; null for the members that stand at the top.</param>
/// <param name="Path">The file.</param>
internal sealed record ChosenProfile(ServerProfile Server, string? Name, string Path)
{
    /// <summary>What is allowed at most with it.</summary>
    public string? Mode => (Server as NamedProfile)?.Mode;

    /// <summary>The place of a member, for messages.</summary>
    public string Place(string member) => Name is null ? $"{member} in {Path}" : $"{member} of profile {Name} in {Path}";

    /// <summary>The one that was asked for, else the one that the file says, else what stands at its top.</summary>
    /// <exception cref="SettingException">There is no profile of the name, or the environment names another server beside it.</exception>
    public static ChosenProfile Of(OperatorFile file, string path, StartWords words, Surroundings surroundings)
    {
        if (words.Profile is null)
            return file.Profile is { } usual ? Find(file, path, new($"profile in {path}", usual)) : new(file, null, path);
        // Another server's address or token beside it would make a mixture that nobody wrote.
        if (words.Url is not null)
            throw new SettingException("--profile and --url exclude each other: a profile has its own address.");
        if (Array.Find((string[])["SYNCMCP_URL", "SYNCMCP_TOKEN"], name => surroundings.Variable(name) is not null) is { } variable)
            throw new SettingException($"--profile is given and {variable} is set: a profile has its own server. Take one of them away.");
        return Find(file, path, new("--profile", words.Profile));
    }

    private static ChosenProfile Find(OperatorFile file, string path, Setting name)
    {
        var profiles = file.Profiles ?? [];
        return profiles.TryGetValue(name.Value!, out var found)
            ? new(found, name.Value, path)
            : throw new SettingException($"{name.Name} is {Filters.Text.Quote(name.Value!)}, which is no profile of {path}.{Nearest.Hint(name.Value!, profiles.Keys, '"')}");
    }
}
