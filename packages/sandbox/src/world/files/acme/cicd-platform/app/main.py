from fastapi import FastAPI

app = FastAPI(title="cicd-platform")


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}
