namespace SyncMcp.Commands.Demo;

/// <summary>What has to be true for the demo to have worked; each is shown when it is judged, and none ends the story.</summary>
internal sealed class Checks(Screen screen)
{
    private readonly List<string> failed = [];

    /// <summary>How many were judged.</summary>
    public int Count { get; private set; }

    /// <summary>Those that did not hold.</summary>
    public IReadOnlyList<string> Failed => failed;

    /// <summary>Judges one.</summary>
    public void That(bool held, string what)
    {
        Count++;
        if (!held)
            failed.Add(what);
        screen.Check(held, what);
    }

    /// <summary>Judges that two values are the same; shows both when they are not.</summary>
    public void Same<T>(T expected, T actual, string what)
        => That(EqualityComparer<T>.Default.Equals(expected, actual), EqualityComparer<T>.Default.Equals(expected, actual) ? what : $"{what}: expected {expected}, got {actual}");
}
