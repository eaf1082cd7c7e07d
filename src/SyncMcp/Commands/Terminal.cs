namespace SyncMcp.Commands;

/// <summary>A person at a terminal. Questions go to stderr, so that stdout holds nothing but the result.</summary>
/// <param name="input">Where the answers come from.</param>
/// <param name="output">Where the questions go.</param>
internal sealed class Terminal(TextReader input, TextWriter output)
{
    /// <summary>The one that the program was started in; null where input or output is a pipe or a file.</summary>
    public static Terminal? Find() => Console.IsInputRedirected || Console.IsErrorRedirected ? null : new(Console.In, Console.Error);

    /// <summary>Shows a line.</summary>
    public void Show(string text) => output.WriteLine(text);

    /// <summary>Asks for a line; null when the person ends the input.</summary>
    public async Task<string?> AskAsync(string question, CancellationToken ct)
    {
        await output.WriteAsync($"{question} ");
        await output.FlushAsync(ct);
        // Reading a terminal cannot be cancelled; the wait for it can.
        return (await Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(ct))?.Trim();
    }
}
