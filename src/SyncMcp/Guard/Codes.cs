using System.Security.Cryptography;

namespace SyncMcp.Guard;

/// <summary>A question that waits for the operator at a terminal.</summary>
/// <param name="Text">The codeword to name it by.</param>
/// <param name="Origin">The server it is about, and for whom.</param>
/// <param name="Tool">The call.</param>
/// <param name="Question">The whole question.</param>
/// <param name="Phrase">What must be typed; null where yes is enough.</param>
internal sealed record Code(string Text, string Origin, string Tool, string Question, string? Phrase);

/// <summary>Approval codes: a call that cannot be asked about in the chat waits ten minutes for <c>syncmcp approve CODE</c>; then the identical call passes once.</summary>
internal sealed class Codes(StateStore store)
{
    /// <summary>How long a code waits, and an approved call may be repeated, in milliseconds.</summary>
    public const long Life = 600_000;

    // Without letters that are read or heard as another.
    private const string Alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The code of a call: the one that waits already, or a new one; null where too many questions are open.</summary>
    public string? Open(string bound, string origin, string tool, string question, string? phrase, int most) => store.Write(session =>
    {
        session.Execute("DELETE FROM code WHERE made < @old", ("@old", store.Now - Life));
        if (session.Query("SELECT code FROM code WHERE bound = @bound AND granted IS NULL", row => row.GetString(0), ("@bound", bound)) is [var waiting])
            return waiting;
        if (Questions.CountOpen(session, origin, store.Now) >= most)
            return null;
        var code = RandomNumberGenerator.GetString(Alphabet, 8);
        session.Execute("INSERT INTO code (code, bound, origin, tool, question, phrase, made) VALUES (@code, @bound, @origin, @tool, @question, @phrase, @now)",
            ("@code", code), ("@bound", bound), ("@origin", origin), ("@tool", tool), ("@question", store.Sealing.Seal(question, code)), ("@phrase", phrase), ("@now", store.Now));
        return code;
    });

    /// <summary>The question behind a code that still waits.</summary>
    public Code? Find(string code) => store.Read(session => session.Query(
        "SELECT code, origin, tool, question, phrase FROM code WHERE code = @code AND granted IS NULL AND made >= @old",
        row => store.Sealing.TryOpen(row.GetString(3), row.GetString(0)) is { } question ? new Code(row.GetString(0), row.GetString(1).Replace("\n", " for ", StringComparison.Ordinal), row.GetString(2), question, row.IsDBNull(4) ? null : row.GetString(4)) : null,
        ("@code", code.Trim().ToUpperInvariant()), ("@old", store.Now - Life)).FirstOrDefault());

    /// <summary>The operator said yes; false where the code has gone meanwhile.</summary>
    public bool Grant(string code) => store.Write(session => session.Execute(
        "UPDATE code SET granted = @now WHERE code = @code AND granted IS NULL AND made >= @old",
        ("@code", code), ("@now", store.Now), ("@old", store.Now - Life)) == 1);

    /// <summary>The operator approved a call of this tool that has not come yet.</summary>
    public bool IsAnyGranted(string origin, string tool) => store.Read(session => session.Query(
        "SELECT 1 FROM code WHERE origin = @origin AND tool = @tool AND granted >= @old LIMIT 1", static _ => true, ("@origin", origin), ("@tool", tool), ("@old", store.Now - Life)).Count > 0);

    /// <summary>True, once, where the operator approved exactly this call.</summary>
    public bool UseGranted(string bound) => store.Write(session => session.Execute(
        "DELETE FROM code WHERE code = (SELECT code FROM code WHERE bound = @bound AND granted >= @old LIMIT 1)", ("@bound", bound), ("@old", store.Now - Life)) == 1);
}
