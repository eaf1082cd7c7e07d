namespace SyncMcp.Settings;

/// <summary>One setting with the name of the place where it stands, so that what is wrong with it can be said.</summary>
internal sealed record Setting(string Name, string? Value)
{
    /// <summary>The first that says something.</summary>
    public static Setting First(params ReadOnlySpan<(string Name, string? Value)> places)
    {
        foreach (var (name, value) in places)
        {
            if (value is not null)
                return new(name, value);
        }

        return new(places[0].Name, null);
    }

    /// <summary>Its meaning; null where it is not set.</summary>
    /// <param name="read">Gives the meaning, or says after the setting's name what is wrong.</param>
    public T? Read<T>(Func<string, (T? Value, string? Wrong)> read)
        where T : class => Value is null ? null : Judge(read(Present())) as T;

    /// <summary>The same for a value type.</summary>
    public T? ReadValue<T>(Func<string, (T? Value, string? Wrong)> read)
        where T : struct => Value is null ? null : Judge(read(Present()));

    private T Judge<T>((T Value, string? Wrong) judged) => judged.Wrong is null ? judged.Value : throw new SettingException($"{Name} {judged.Wrong}");

    private string Present() => Value!.Contains("${", StringComparison.Ordinal)
        ? throw new SettingException($"{Name} still holds a placeholder (${{...}}) that the client did not fill in.")
        : Value;
}
