namespace SyncMcp.Commands.Doctor;

/// <summary>What was found, line by line. Text of others comes in cleaned: a terminal obeys control characters.</summary>
internal sealed class Report(TextWriter output)
{
    private int wrong;

    /// <summary>As it should be.</summary>
    public void Good(string what) => Line("ok   ", what);

    /// <summary>Works, but look at it.</summary>
    public void Note(string what, string mend) => Lines("note ", what, mend);

    /// <summary>Does not work.</summary>
    public void Wrong(string what, string mend)
    {
        wrong++;
        Lines("WRONG", what, mend);
    }

    /// <summary>The last line; true when nothing was wrong.</summary>
    public bool End()
    {
        output.WriteLine(wrong == 0 ? "All is well." : $"{wrong} to mend.");
        return wrong == 0;
    }

    private void Lines(string mark, string what, string mend)
    {
        Line(mark, what);
        if (mend.Length > 0)
            Line("     ", $"-> {mend}");
    }

    private void Line(string mark, string text) => output.WriteLine($"{mark} {Redaction.Redactor.Mask(Filters.Text.Clean(text).ReplaceLineEndings(" "))}");
}
